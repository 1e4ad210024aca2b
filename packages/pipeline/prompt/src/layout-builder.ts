import { ContextLengthError, type PromptLayout, type PromptSegment, type TokenId } from '@ovis/core';

/** Collects segments; neighbouring tokens become one segment. */
export class LayoutBuilder {
  readonly #contextLength: number;
  readonly #segments: PromptSegment[] = [];
  #tokens: TokenId[] = [];
  #textTokens = 0;
  #visualTokens = 0;

  /** @param contextLength - Positions the model was made for; the prompt must leave one for the answer. */
  constructor(contextLength: number) {
    this.#contextLength = contextLength;
  }

  /** @throws ContextLengthError when the context is full. */
  addTokens(ids: readonly TokenId[]): void {
    for (const id of ids) this.#tokens.push(id);
    this.#textTokens += ids.length;
    this.#checkLength();
  }

  /** @throws ContextLengthError when the context is full. */
  addVisual(segments: readonly PromptSegment[]): void {
    this.#endText();
    for (const segment of segments) {
      this.#visualTokens += segment.kind === 'visual' ? segment.length : 1;
      this.#segments.push(segment);
    }
    this.#checkLength();
  }

  /** The prompt so far. */
  layout(): PromptLayout {
    this.#endText();
    return {
      segments: [...this.#segments],
      length: this.#textTokens + this.#visualTokens,
      textTokens: this.#textTokens,
      visualTokens: this.#visualTokens,
    };
  }

  #endText(): void {
    if (this.#tokens.length > 0) this.#segments.push({ kind: 'text', ids: this.#tokens });
    this.#tokens = [];
  }

  #checkLength(): void {
    const length = this.#textTokens + this.#visualTokens;
    if (length < this.#contextLength) return;
    throw new ContextLengthError(
      `The prompt takes ${length} positions or more (${this.#visualTokens} of pictures, ${this.#textTokens} of text), ` +
        `but the context of ${this.#contextLength} must also hold the answer. Shorten the conversation, pass fewer ` +
        'pictures, or let them be smaller.',
      { details: { length, contextLength: this.#contextLength } },
    );
  }
}
