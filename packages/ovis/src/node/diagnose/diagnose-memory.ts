import { totalmem } from 'node:os';
import type { Finding } from './diagnosis-types.ts';
import { gigabytes } from './gigabytes.ts';

/** Memory that this process could still use; a container's limit counts. */
export function diagnoseMemory(): Finding {
  const [total, available] = [totalmem(), process.availableMemory()];
  return {
    area: 'memory',
    state: 'good',
    text: `${gigabytes(available)} of ${gigabytes(total)} are free`,
    more: [],
    details: { totalBytes: total, availableBytes: available },
  };
}
