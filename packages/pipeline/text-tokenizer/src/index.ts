// Text to ids and back
export { TextTokenizer, type DecodeOptions, type TokenizerFiles } from './text-tokenizer.ts';
export type { TokenizerFile } from './tokenizer-files.ts';
export { StreamingDetokenizer } from './streaming-detokenizer.ts';
export { beginningLength } from './beginning-length.ts';

// Thinking
export { EARLY_STOP_TEXT, earlyStopTokens } from './early-stop.ts';
export { ReasoningSplitter, type ReasoningDelta, type ReasoningOptions } from './reasoning-splitter.ts';
export { splitReasoning, type SplitAnswer } from './split-reasoning.ts';
