import type { GenerateResult, StreamPart } from './answer-types.ts';

/** Reads a streamed answer to its end. */
export async function collectAnswer(parts: AsyncIterable<StreamPart>): Promise<GenerateResult> {
  let text = '';
  let reasoning = '';
  for await (const part of parts) {
    switch (part.type) {
      case 'text-delta':
        text += part.text;
        break;
      case 'reasoning-delta':
        reasoning += part.text;
        break;
      case 'finish': {
        const { reason, usage, timings, tokens } = part;
        return { text, reasoning, finishReason: reason, usage, timings, tokens };
      }
    }
  }
  throw new Error('An answer ended without its finish part.');
}
