import { setTimeout } from 'node:timers/promises';
import {
  asyncDispose,
  DisposedError,
  GraphContractError,
  int64Tensor,
  InvalidArgumentError,
  ShapeMismatchError,
  type NamedTensors,
  type Progress,
} from '@ovis/core';
import { expect, test } from 'vitest';
import { prepareImage, prepareVideo, VisualTokenizer, type PreparedVisual } from '../src/index.ts';
import { filled, openFakeVisualTokenizer } from './fake-visual-graph.ts';
import { greyImage } from './grey-image.ts';
import { nativeModel, tiledModel } from './model-of.ts';

/** So many visual words that only one view of 4 tokens fits into a run. */
const manyWords = tiledModel({}, { visualVocabularySize: 2 ** 24 });

test('tokenizes all sub-images in one run when they are small', async () => {
  const model = tiledModel();
  const { tokenizer, calls } = await openFakeVisualTokenizer(model);
  const tokens = await tokenizer.tokenize(await prepareImage(greyImage(56, 112), model));
  expect(calls.map(({ patches }) => patches?.dims)).toEqual([[3, 16, 588]]);
  expect(tokens).toMatchObject({ length: 12, hiddenSize: 64, wordsPerToken: 3 });
  expect(tokens.data.length).toBe(12 * 64);
  expect(tokens.topWords).toEqual(Int32Array.from({ length: 36 }, (_, i) => i % 3));
  expect(tokens.topProbabilities.length).toBe(36);
  expect(tokens.entropy.length).toBe(12);
  expect(tokens.intermediates).toBeUndefined();
});

test('joins the runs of large sub-images in order and reports progress', async () => {
  const few = await openFakeVisualTokenizer(tiledModel());
  const many = await openFakeVisualTokenizer(manyWords);
  const picture = greyImage(56, 112);
  for (let y = 0; y < 56; y++) picture.data.fill(250, y * 112 * 3, (y * 112 + 50) * 3); // the left half is brighter
  const prepared = await prepareImage(picture, manyWords);
  const progress: Progress[] = [];
  const tokens = await many.tokenizer.tokenize(prepared, { onProgress: (state) => progress.push(state) });
  expect(many.calls.map(({ patches }) => patches?.dims[0])).toEqual([1, 1, 1]);
  expect(tokens).toEqual(await few.tokenizer.tokenize(prepared));
  expect(new Set(tokens.entropy).size).toBe(3);
  expect(progress).toEqual([1, 2, 3].map((done) => ({ phase: 'vision', item: 'image', done, total: 3 })));
});

test('feeds positions and rotary angles with the frames of a video', async () => {
  const model = nativeModel();
  const { tokenizer, calls } = await openFakeVisualTokenizer(model);
  const prepared = await prepareVideo([greyImage(64, 96, 10), greyImage(64, 96, 240)], model, { minPixels: 4096 });
  const tokens = await tokenizer.tokenize(prepared);
  expect(Object.entries(calls[0] ?? {}).map(([name, { dims }]) => [name, dims])).toEqual([
    ['patches', [2, 24, 768]],
    ['positions', [24, 48]],
    ['cosines', [24, 8]],
    ['sines', [24, 8]],
  ]);
  expect(tokens.length).toBe(12);
  expect(tokens.entropy[0]).toBeLessThan(0);
  expect(tokens.entropy[11]).toBeGreaterThan(0);
});

test('feeds pictures of different grids their own angles, also side by side', async () => {
  const model = nativeModel();
  const { tokenizer, calls } = await openFakeVisualTokenizer(model);
  const options = { maxPixels: 9216, minPixels: 4096 };
  const darkAndWide = await prepareImage(greyImage(64, 128, 10), model, options);
  const brightAndTall = await prepareImage(greyImage(128, 64, 240), model, options);
  const tokenize = (prepared: PreparedVisual) => tokenizer.tokenize(prepared);
  await tokenize(darkAndWide);
  await tokenize(brightAndTall);
  await Promise.all([darkAndWide, brightAndTall, darkAndWide, brightAndTall].map(tokenize));
  const [wideAngles, tallAngles, ...angles] = calls.map(({ sines }) => sines?.data);
  const dark = calls.slice(2).map(({ patches }) => Number(patches?.data[0]) < 0);
  expect(wideAngles).not.toEqual(tallAngles);
  expect(dark.filter(Boolean).length).toBe(2);
  expect(angles).toEqual(dark.map((isDark) => (isDark ? wideAngles : tallAngles)));
});

test('feeds neutral positions and angles to a model that has none', async () => {
  const model = nativeModel({ positionGrid: null, rotaryHeadSize: null });
  const { tokenizer, calls } = await openFakeVisualTokenizer(model);
  await tokenizer.tokenize(await prepareImage(greyImage(64, 64), model, { maxPixels: 64 * 64 }));
  const values = ['positions', 'cosines', 'sines'].map((name) => new Set<unknown>(calls[0]?.[name]?.data));
  expect(values).toEqual([new Set([0]), new Set([1]), new Set([0])]);
});

test('returns intermediates when the graph has them and they are asked for', async () => {
  const model = tiledModel();
  const { tokenizer } = await openFakeVisualTokenizer(model, { intermediates: true });
  const prepared = await prepareImage(greyImage(56, 112), model);
  const { intermediates } = await tokenizer.tokenize(prepared, { intermediates: true });
  expect(Object.entries(intermediates ?? {}).map(([name, { dims }]) => [name, dims])).toEqual([
    ['vit_features', [3, 16, 48]],
    ['head_input', [12, 192]],
    ['visual_logits', [12, 195]],
    ['visual_probs', [12, 195]],
  ]);
  expect((await tokenizer.tokenize(prepared)).intermediates).toBeUndefined();
});

test('refuses intermediates of a graph that has none', async () => {
  const model = tiledModel();
  const { tokenizer } = await openFakeVisualTokenizer(model);
  const prepared = await prepareImage(greyImage(56, 56), model);
  await expect(tokenizer.tokenize(prepared, { intermediates: true })).rejects.toThrow(InvalidArgumentError);
});

test('stops before the next run when the signal is aborted, and can be used again', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const { tokenizer, calls } = await openFakeVisualTokenizer(manyWords, {
    onRun(outputs, call) {
      if (call === 2) controller.abort(reason);
      return outputs;
    },
  });
  const prepared = await prepareImage(greyImage(56, 112), manyWords);
  await expect(tokenizer.tokenize(prepared, { signal: controller.signal })).rejects.toBe(reason);
  expect(calls.length).toBe(2);
  await expect(tokenizer.tokenize(prepared, { signal: controller.signal })).rejects.toBe(reason);
  expect(calls.length).toBe(2);
  expect((await tokenizer.tokenize(prepared)).length).toBe(12);
});

test('waits for running work when it is disposed, and then refuses new work', async () => {
  const model = tiledModel();
  const { tokenizer, backend } = await openFakeVisualTokenizer(model, {
    async onRun(outputs) {
      await setTimeout(20);
      return outputs;
    },
  });
  const prepared = await prepareImage(greyImage(56, 56), model);
  const running = tokenizer.tokenize(prepared);
  const disposals = Promise.all([tokenizer.dispose(), tokenizer[asyncDispose]()]);
  await expect(tokenizer.tokenize(prepared)).rejects.toThrow(DisposedError);
  expect(backend.liveSessions).toBe(1);
  await disposals;
  expect((await running).length).toBe(4);
  expect(backend.liveSessions).toBe(0);
  await tokenizer.dispose();
});

test('passes on the failure of a run and can be used again', async () => {
  const model = tiledModel();
  const failure = new Error('out of memory');
  const { tokenizer } = await openFakeVisualTokenizer(model, {
    onRun(outputs, call) {
      if (call === 1) throw failure;
      return outputs;
    },
  });
  const prepared = await prepareImage(greyImage(56, 56), model);
  await expect(tokenizer.tokenize(prepared)).rejects.toBe(failure);
  expect((await tokenizer.tokenize(prepared)).length).toBe(4);
});

test.each<[string, NamedTensors, new (message: string) => Error]>([
  ['entropy of another type', { entropy: int64Tensor([1, 2, 3, 4]) }, GraphContractError],
  ['words of another type', { top_words: filled([4, 3], () => 0) }, GraphContractError],
  ['embeddings of another width', { visual_embeddings: filled([4, 63], () => 0) }, ShapeMismatchError],
  ['too few tokens', { entropy: filled([3], () => 0) }, ShapeMismatchError],
  ['more probabilities than words', { top_probabilities: filled([4, 4], () => 0) }, ShapeMismatchError],
])('refuses a graph that gives %s', async (_, wrong, error) => {
  const model = tiledModel();
  const { tokenizer } = await openFakeVisualTokenizer(model, { onRun: (outputs) => ({ ...outputs, ...wrong }) });
  await expect(tokenizer.tokenize(await prepareImage(greyImage(56, 56), model))).rejects.toThrow(error);
});

test('refuses a graph that leaves out an output', async () => {
  const model = tiledModel();
  const { tokenizer } = await openFakeVisualTokenizer(model, { onRun: () => ({}) });
  await expect(tokenizer.tokenize(await prepareImage(greyImage(56, 56), model))).rejects.toThrow(GraphContractError);
});

test('refuses a picture that was prepared for another model', async () => {
  const { tokenizer } = await openFakeVisualTokenizer(tiledModel());
  const other = await prepareImage(greyImage(64, 64), nativeModel(), { maxPixels: 64 * 64 });
  await expect(tokenizer.tokenize(other)).rejects.toThrow(ShapeMismatchError);
});

test('refuses a position table that does not fit the model', async () => {
  const { source } = await openFakeVisualTokenizer(nativeModel());
  await expect(VisualTokenizer.open({ ...source, positions: null })).rejects.toThrow(ShapeMismatchError);
  await expect(VisualTokenizer.open({ ...source, positions: new Float32Array(7) })).rejects.toThrow(/one of 7/);
  const tiled = { ...source, model: tiledModel(), positions: new Float32Array(7) };
  await expect(VisualTokenizer.open(tiled)).rejects.toThrow(/no position table/);
});

test('refuses a rotary head that rows and columns cannot share', async () => {
  await expect(openFakeVisualTokenizer(nativeModel({ rotaryHeadSize: 18 }))).rejects.toThrow(ShapeMismatchError);
});
