// The language model
export { Decoder, type DecoderOptions, type EmbedTokens } from './decoder.ts';
export { DecoderSequence } from './decoder-sequence.ts';

// Generating
export { streamTokens, type FinishReason, type TokenStream } from './stream-tokens.ts';
export {
  resolveGenerateOptions,
  type GenerateLimits,
  type GenerateOptions,
  type ResolvedGenerateOptions,
  type ThinkingBudget,
} from './generate-options.ts';
export type { GenerationReport } from './generation-report.ts';

// Choosing tokens
export { Sampler, type SamplerOptions } from './sampling/sampler.ts';
export { randomSource, type RandomSource } from './sampling/random-source.ts';
export type { SamplingShape } from './sampling/pick-at-random.ts';
export type { Scores } from './sampling/scores.ts';
