import type { Tensor } from 'onnxruntime-node';
import { integersOf } from '@ovis/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { createLowering } from '../src/lowering/lowering.ts';
import { largestDifference } from './compare.ts';
import { DecoderRunner, type OpenDecoder } from './decoder-runner.ts';
import { floatsOf } from './floats-of.ts';
import { answeredCases, languageFixtures, languageOf, weightsOf } from './language-fixtures.ts';
import { all } from './one-dtype.ts';
import { openDecoder } from './open-decoder.ts';

const CANDIDATES = 64;

describe.each(languageFixtures)('$model', ({ model, tolerance }) => {
  const language = languageOf(model);
  const weights = weightsOf(model);
  const cases = answeredCases(model);
  let decoder: OpenDecoder;
  /** Room for the prompt and the answer. */
  const runner = (prompt: Float32Array) =>
    new DecoderRunner(decoder, language, prompt.length / language.hiddenSize + 24);

  beforeAll(async () => {
    decoder = await openDecoder(language, createLowering('cpu', all('f32')), weights);
  });

  test.each(cases)('gives the logits after the prompt of $name', async ({ tensors }) => {
    const prompt = floatsOf(tensors.get('inputs_embeds'));
    const last = prompt.length / language.hiddenSize - 1;
    const { logits } = await runner(prompt).run(prompt, [last]);
    expect(largestDifference(floatsOf(logits), floatsOf(tensors.get('prefill_logits')))).toBeLessThan(tolerance);
  });

  test('gives the logits of all positions where they are asked for', async () => {
    const tensors = cases.find((item) => item.tensors.has('prefill_logits_all'))?.tensors;
    const prompt = floatsOf(tensors?.get('inputs_embeds'));
    const positions = Array.from({ length: prompt.length / language.hiddenSize }, (_, index) => index);
    const { logits } = await runner(prompt).run(prompt, positions);
    expect(largestDifference(floatsOf(logits), floatsOf(tensors?.get('prefill_logits_all')))).toBeLessThan(tolerance);
  });

  test.each(cases)('continues $name with the greedy tokens of the official code', async ({ tensors }) => {
    const golden = integersOf(tensors.get('greedy_ids'));
    const prompt = floatsOf(tensors.get('inputs_embeds'));
    const sequence = runner(prompt);
    expect(await greedy((embeddings, last) => sequence.run(embeddings, [last]), prompt, golden.length)).toEqual(golden);
  });

  test.each(cases)('computes the same for $name with keys and values in place', async ({ tensors }) => {
    const golden = integersOf(tensors.get('greedy_ids'));
    const prompt = floatsOf(tensors.get('inputs_embeds'));
    const [plain, inPlace] = [runner(prompt), runner(prompt)];
    const both = async (embeddings: Float32Array, last: number) => {
      const expected = await plain.run(embeddings, [last]);
      const outputs = await inPlace.runInPlace(embeddings, CANDIDATES, [last]);
      expect(outputs['logits']?.data).toEqual(expected['logits']?.data);
      expect(outputs['top_ids']?.data).toEqual(expected['top_ids']?.data);
      return outputs;
    };
    expect(await greedy(both, prompt, golden.length)).toEqual(golden);
  });

  test('reads a prompt in chunks as it does at once', async () => {
    const prompt = floatsOf(cases[0]?.tensors.get('inputs_embeds'));
    const sequence = runner(prompt);
    const chunk = 7 * language.hiddenSize;
    let logits: Tensor | undefined;
    for (let start = 0; start < prompt.length; start += chunk) {
      const part = prompt.slice(start, start + chunk);
      ({ logits } = await sequence.run(part, [part.length / language.hiddenSize - 1]));
    }
    expect(largestDifference(floatsOf(logits), floatsOf(cases[0]?.tensors.get('prefill_logits')))).toBeLessThan(
      tolerance,
    );
  });

  test('lists the candidates of the logits, largest first', async () => {
    const prompt = floatsOf(cases[0]?.tensors.get('inputs_embeds'));
    const { logits, top_logits: topLogits, top_ids: topIds } = await runner(prompt).run(prompt, [0, 3]);
    for (const position of [0, 1]) {
      const row = Array.from(
        floatsOf(logits).subarray(position * language.vocabularySize, (position + 1) * language.vocabularySize),
      );
      const best = row.map((_, id) => id).toSorted((a, b) => (row[b] ?? 0) - (row[a] ?? 0));
      const from = position * CANDIDATES;
      expect(Array.from(topIds?.data as BigInt64Array, Number).slice(from, from + CANDIDATES)).toEqual(
        best.slice(0, CANDIDATES),
      );
      expect(floatsOf(topLogits)[from]).toBe(Math.max(...row));
    }
  });

  /** Always the likeliest next token, from the graph's own candidates. */
  async function greedy(
    run: (embeddings: Float32Array, last: number) => Promise<Record<string, Tensor>>,
    prompt: Float32Array,
    count: number,
  ): Promise<number[]> {
    const { hiddenSize } = language;
    const table = floatsOf(weights.get('llm.model.embed_tokens.weight'));
    const ids: number[] = [];
    let embeddings = prompt;
    while (ids.length < count) {
      const { top_ids: topIds } = await run(embeddings, embeddings.length / hiddenSize - 1);
      const id = Number(topIds?.data[0]);
      ids.push(id);
      embeddings = table.slice(id * hiddenSize, (id + 1) * hiddenSize);
    }
    return ids;
  }
});
