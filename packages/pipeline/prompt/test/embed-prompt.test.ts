import {
  generationTraits,
  InvalidArgumentError,
  ShapeMismatchError,
  tokenId,
  type VisualEmbeddings,
  type VisualItem,
} from '@ovis/core';
import { fixtureCases } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { buildOfficialPrompt, EmbeddingTable, embedPrompt } from '../src/index.ts';
import {
  caseItems,
  checkpointTensors,
  fixtureModel,
  fixtureModels,
  fixtureTokenizer,
  type PromptCase,
} from './fixture-model.ts';
import { bytesOf, memoryFiles } from './memory-files.ts';

describe.each(fixtureModels)('input embeddings of %s', (name) => {
  const model = fixtureModel(name);
  const tokenizer = fixtureTokenizer(name);
  const checkpoint = checkpointTensors(name);
  const cases = fixtureCases<PromptCase>(name).filter(({ tensors }) => tensors.has('inputs_embeds'));

  test.each(cases)('$name: equal the official ones', async ({ description, tensors }) => {
    const [length = 0, width = 0] = tensors.get('inputs_embeds')?.shape ?? [];
    await using text = await tableOf(floatsOf(checkpoint.get('llm.model.embed_tokens.weight')?.data), width);
    const vte = floatsOf(checkpoint.get('vte.weight')?.data);
    await using indicators = await tableOf(vte.subarray(vte.length - model.vision.indicators * width), width);
    const items = caseItems(name, description);
    const layout = buildOfficialPrompt(
      description.conversation ?? [{ from: 'human', value: description.query ?? '' }],
      { items, tokenizer, model, generationPreface: description.generation_preface ?? '' },
    );
    const isWrapped = generationTraits[model.generation].views === 'single';
    const visual = splitByItem(tensors.get('visual_embeds')?.data, items, width, isWrapped);
    const embeddings = await embedPrompt(layout, { text, indicators, visual });
    expect([embeddings.length, embeddings.hiddenSize]).toEqual([length, width]);
    expect(embeddings.data).toEqual(tensors.get('inputs_embeds')?.data);
  });
});

describe('lengths that differ are a ShapeMismatchError', () => {
  const layout = {
    segments: [
      { kind: 'text', ids: [1, 0].map(tokenId) },
      { kind: 'indicator', index: 0 },
      { kind: 'visual', item: 0, offset: 0, length: 2 },
    ],
    length: 5,
    textTokens: 2,
    visualTokens: 3,
  } as const;
  const visual: VisualEmbeddings = { data: Float32Array.of(5, 6, 7, 8), length: 2, hiddenSize: 2 };

  test('and the same layout with the right ones is embedded', async () => {
    const sources = await tables();
    expect([...(await embedPrompt(layout, { ...sources, visual: [visual] })).data]).toEqual([
      3, 4, 1, 2, 9, 9, 5, 6, 7, 8,
    ]);
  });

  test.each<[name: string, visual: readonly VisualEmbeddings[]]>([
    ['none', []],
    ['one too few', [{ data: Float32Array.of(5, 6), length: 1, hiddenSize: 2 }]],
    ['one too many', [{ data: new Float32Array(6), length: 3, hiddenSize: 2 }]],
    ['another width', [{ data: new Float32Array(6), length: 2, hiddenSize: 3 }]],
    ['fewer numbers than they say', [{ ...visual, data: new Float32Array(3) }]],
  ])('visual embeddings: %s', async (_, given) => {
    const sources = await tables();
    await expect(embedPrompt(layout, { ...sources, visual: given })).rejects.toThrow(ShapeMismatchError);
  });

  test.each([4, 6])('a layout that says %d positions', async (length) => {
    const sources = await tables();
    await expect(embedPrompt({ ...layout, length }, { ...sources, visual: [visual] })).rejects.toThrow(
      ShapeMismatchError,
    );
  });

  test('tables of different widths', async () => {
    const sources = { ...(await tables()), indicators: await tableOf(Float32Array.of(1, 2, 3), 3) };
    await expect(embedPrompt(layout, { ...sources, visual: [visual] })).rejects.toThrow(ShapeMismatchError);
  });

  test('a token outside the table is an InvalidArgumentError', async () => {
    const sources = await tables();
    const outside = {
      segments: [{ kind: 'text', ids: [tokenId(2)] }],
      length: 1,
      textTokens: 1,
      visualTokens: 0,
    } as const;
    await expect(embedPrompt(outside, { ...sources, visual: [] })).rejects.toThrow(InvalidArgumentError);
  });
});

async function tables(): Promise<{ text: EmbeddingTable; indicators: EmbeddingTable }> {
  return { text: await tableOf(Float32Array.of(1, 2, 3, 4), 2), indicators: await tableOf(Float32Array.of(9, 9), 2) };
}

function tableOf(data: Float32Array, columns: number): Promise<EmbeddingTable> {
  const range = { file: 'table', offset: 0, length: data.byteLength };
  const description = { rows: data.length / columns, columns, storage: 'f32', data: range } as const;
  return EmbeddingTable.open(description, memoryFiles({ table: bytesOf(data) }));
}

function floatsOf(data: unknown): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new Error('Expected a tensor of floats.');
}

/** The visual tokenizers of 1.0 and 1.5 emit a begin and an end around each picture (`isWrapped`); not part of ours. */
function splitByItem(
  data: unknown,
  items: readonly VisualItem[],
  width: number,
  isWrapped: boolean,
): VisualEmbeddings[] {
  const border = isWrapped ? 1 : 0;
  let start = 0;
  return items.map(({ views, tokensPerView }) => {
    const length = views * tokensPerView;
    const rows = floatsOf(data).subarray((start + border) * width, (start + border + length) * width);
    start += length + 2 * border;
    return { data: rows, length, hiddenSize: width };
  });
}
