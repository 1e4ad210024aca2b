import { RuntimeFailureError } from '@ovis/core';
import type { InferenceSession } from 'onnxruntime-node';

/** What the binding says when it meets an output that is a list, in 1.30. */
const REFUSAL = 'Non tensor type';

/**
 * Runs a graph that writes into the tensors of `fetches`, which may be the very ones it reads as state.
 *
 * The binding writes preallocated outputs and then copies every one of them, which for keys and values
 * costs more than the step itself. Asked for `marker`, an output that is a list of tensors and comes first,
 * it has run the graph and written everything when it refuses to convert that list, before any copy. So
 * exactly this refusal is success. `passesInPlaceProbe` tells whether the installed binding behaves so.
 */
export async function runInPlace(
  session: InferenceSession,
  feeds: InferenceSession.OnnxValueMapType,
  marker: string,
  fetches: InferenceSession.OnnxValueMapType,
): Promise<void> {
  try {
    await session.run(feeds, { [marker]: null, ...fetches });
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(REFUSAL)) return;
    throw error;
  }
  throw new RuntimeFailureError(
    'onnxruntime-node returned a list of tensors, which no version did when states updated in place were built. ' +
      "Open the backend with { stateUpdates: 'copy' }.",
  );
}
