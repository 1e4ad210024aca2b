import type { SampleComparison } from '../../compare/comparison-types.ts';
import { buffersOfObservation } from '../buffers-of.ts';
import type { WebCompareSample } from '../web-request.ts';
import { postRequest } from './post-request.ts';
import type { WorkerLink } from './worker-link.ts';

/**
 * Compares two models on one sample. What the worker of the reference observes goes on to that of the candidate, which
 * measures: the page's thread only hands it over.
 */
export async function compareInWorkers(
  { reference, candidate }: { readonly reference: WorkerLink; readonly candidate: WorkerLink },
  sample: WebCompareSample,
  maxNewTokens: number,
  signal: AbortSignal | undefined,
): Promise<SampleComparison> {
  // Taken once for both: a video plays on meanwhile.
  const { value, transfer } = await postRequest({ ...sample, signal });
  try {
    const observed = await reference.call('observe', { sample: value, maxNewTokens }, { signal }).reply;
    const given = { transfer: [...transfer, ...buffersOfObservation(observed)], signal };
    return await candidate.call('measure', { sample: value, reference: observed }, given).reply;
  } finally {
    // Nothing is left of what was given away; what was not holds memory of pictures.
    for (const item of transfer) if ('close' in item) void item.close();
  }
}
