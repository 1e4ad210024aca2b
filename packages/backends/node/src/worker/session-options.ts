import type { InferenceSession } from 'onnxruntime-node';
import type { StartOptions } from '../protocol.ts';

/** Only errors are written to stderr. */
const ERRORS_ONLY = 3;

/**
 * Settings of every session: operators one after the other, each on all threads, weights packed when they
 * are loaded (without it int4 decodes eighty times slower), all fusions.
 */
export function sessionOptions({ device, threads, spinning }: StartOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: ERRORS_ONLY,
    ...(spinning === 'on' ? {} : { extra: { session: { intra_op: { allow_spinning: '0' } } } }),
  };
}
