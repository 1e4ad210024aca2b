import { ShapeMismatchError, type InputEmbeddings, type PromptLayout, type VisualEmbeddings } from '@ovis/core';
import type { EmbeddingTable } from './embedding-table.ts';

/** Where the embeddings of a prompt come from. */
export type EmbeddingSources = {
  /** `[N, D]`. */
  readonly text: EmbeddingTable;
  /** `[indicators, D]`. */
  readonly indicators: EmbeddingTable;
  /** One entry per visual item, in the order of the items. */
  readonly visual: readonly VisualEmbeddings[];
};

/**
 * Puts a prompt's embeddings together: rows of the text table, rows of the indicator table, and the visual
 * embeddings where the layout has its pictures.
 *
 * @returns `[S, D]`, float32.
 * @throws ShapeMismatchError when widths differ or visual embeddings are missing, too few or too many.
 * @throws InvalidArgumentError when a token id is outside the text table.
 */
export async function embedPrompt(layout: PromptLayout, sources: EmbeddingSources): Promise<InputEmbeddings> {
  const hiddenSize = sources.text.columns;
  checkWidths(sources);
  checkVisualLengths(layout, sources.visual);
  const data = new Float32Array(layout.length * hiddenSize); // [S, D]
  let position = 0;
  for (const segment of layout.segments) {
    const rows =
      segment.kind === 'text'
        ? await sources.text.read(segment.ids)
        : segment.kind === 'indicator'
          ? await sources.indicators.read([segment.index])
          : visualRows(sources.visual[segment.item], segment.offset, segment.length);
    const end = position + rows.length / hiddenSize;
    if (end > layout.length) throw wrongLength(layout.length, end);
    data.set(rows, position * hiddenSize);
    position = end;
  }
  if (position !== layout.length) throw wrongLength(layout.length, position);
  return { data, length: layout.length, hiddenSize };
}

function visualRows(embeddings: VisualEmbeddings | undefined, offset: number, length: number): Float32Array {
  if (embeddings === undefined) return new Float32Array(0);
  const { data, hiddenSize } = embeddings;
  return data.subarray(offset * hiddenSize, (offset + length) * hiddenSize);
}

function checkWidths({ text, indicators, visual }: EmbeddingSources): void {
  if (indicators.columns !== text.columns) {
    throw new ShapeMismatchError(
      `Indicators have ${indicators.columns} numbers, text embeddings ${text.columns}. The tables belong to different models.`,
    );
  }
  for (const [index, { data, length, hiddenSize }] of visual.entries()) {
    if (hiddenSize !== text.columns || data.length !== length * hiddenSize) {
      throw new ShapeMismatchError(
        `The embeddings of visual item ${index} are ${data.length} numbers for [${length}, ${hiddenSize}]; ` +
          `expected rows of ${text.columns}, like the text embeddings.`,
      );
    }
  }
}

/** Every item of the layout needs exactly the embeddings that its segments take. */
function checkVisualLengths({ segments }: PromptLayout, visual: readonly VisualEmbeddings[]): void {
  const wanted = new Map<number, number>();
  for (const segment of segments) {
    if (segment.kind !== 'visual') continue;
    wanted.set(segment.item, Math.max(wanted.get(segment.item) ?? 0, segment.offset + segment.length));
  }
  for (const [item, length] of wanted) {
    const given = visual[item]?.length ?? 0;
    if (given !== length) {
      throw new ShapeMismatchError(
        `Visual item ${item} takes ${length} embeddings in the prompt, but ${given} were given. ` +
          'Build the prompt from the same prepared pictures that the visual tokenizer took.',
      );
    }
  }
}

function wrongLength(expected: number, got: number): ShapeMismatchError {
  return new ShapeMismatchError(`The layout says ${expected} positions, but its segments take ${got} or more.`);
}
