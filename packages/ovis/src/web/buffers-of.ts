import type { Observation } from '../compare/observe-sample.ts';
import type { Look } from '../look/look-types.ts';

/** Buffers to give away with a message that holds these arrays. */
function buffersOf(arrays: readonly ArrayBufferView[]): ArrayBuffer[] {
  return [...new Set(arrays.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer))];
}

/** The buffers of a look. */
export function buffersOfLook({ views }: Look): ArrayBuffer[] {
  return buffersOf(views.flatMap(({ words, probabilities, entropy }) => [words, probabilities, entropy]));
}

/** The buffers of what a model made of a sample: its logits may be hundreds of megabytes. */
export function buffersOfObservation({ visual, logits }: Observation): ArrayBuffer[] {
  return buffersOf([logits, ...visual.flatMap(({ data, topWords, entropy }) => [data, topWords, entropy])]);
}
