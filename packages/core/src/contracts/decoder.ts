import type { GraphContract } from '../graph-contract.ts';

/**
 * The language model: embeddings in, logits of the asked positions out; keys and values stay in the
 * session's state. One sequence at a time (B = 1).
 */
export const decoderContract = {
  inputs: {
    /** New positions only; earlier ones are in the state. */
    inputs_embeds: { dtype: 'float32', shape: [1, 'S', 'D'] },
    /** Past plus new positions, minus one: the index of the last new position. */
    last_position: { dtype: 'int32', shape: [1] },
    /** Past plus new positions. */
    total_length: { dtype: 'int32', shape: [1] },
    /** Indices into the new positions whose logits are wanted, usually only the last. */
    logit_positions: { dtype: 'int64', shape: ['M'] },
  },
  outputs: {
    /** Logits over the whole text vocabulary. Fetch them only when the candidates do not suffice. */
    logits: { dtype: 'float32', shape: ['M', 'N'] },
    /** The largest logits, largest first. */
    top_logits: { dtype: 'float32', shape: ['M', 'k'] },
    /** Their token ids. */
    top_ids: { dtype: 'int64', shape: ['M', 'k'] },
  },
} as const satisfies GraphContract;

/**
 * The language model for one new position at a time: only the likeliest tokens come out. Where the graph cannot vouch
 * for its first candidate, `top_ids` of that row are -1 and the position must be read again by a graph that fulfils
 * `decoderContract`.
 */
export const decoderStepContract = {
  inputs: decoderContract.inputs,
  outputs: { top_logits: decoderContract.outputs.top_logits, top_ids: decoderContract.outputs.top_ids },
} as const satisfies GraphContract;

/** How many candidates the decoder graph returns (or the vocabulary size, where that is smaller). */
export const DECODER_CANDIDATES = 64;
