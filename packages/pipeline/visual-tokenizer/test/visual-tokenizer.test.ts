import {
  asyncDispose,
  DisposedError,
  GraphContractError,
  int64Tensor,
  InvalidArgumentError,
  nativeVisualTokenizerContract,
  ShapeMismatchError,
  tiledVisualTokenizerContract,
  visualTokenizerIntermediates,
  type ModelDescription,
  type NamedTensors,
  type Progress,
  type VisionDescription,
} from '@ovis/core';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { prepareImage, prepareVideo, VisualTokenizer } from '../src/index.ts';
import { fakeBackend, fakeDescription, fakeGraph, filled, type FakeRun } from './fake-backend.ts';
import { greyImage } from './grey-image.ts';
import { nativeModel, tiledModel } from './model-of.ts';

/** Every number of a token is the mean of its view's patches, so that views cannot be mixed up unnoticed. */
function meansOf({ language, vision }: ModelDescription): FakeRun {
  return (inputs, outputs) => {
    const patches = inputs['patches'];
    if (!(patches?.data instanceof Float32Array)) throw new Error('No patches.');
    const [views = 0, perView = 0, features = 0] = patches.dims;
    const { data } = patches;
    const means = Array.from({ length: views }, (_, view) => {
      const part = data.subarray(view * perView * features, (view + 1) * perView * features);
      return part.reduce((sum, value) => sum + value, 0) / part.length;
    });
    const tokens = (views * perView) / vision.mergeStride ** 2;
    const meanOf = (token: number) => means[Math.floor((token * views) / tokens)] ?? Number.NaN;
    const words = Array.from({ length: tokens * 3 }, (_, i) => i % 3);
    return {
      visual_embeddings: filled([tokens, language.hiddenSize], (i) => meanOf(Math.floor(i / language.hiddenSize))),
      top_words: int64Tensor(words, [tokens, 3]),
      top_probabilities: filled([tokens, 3], (i) => 0.5 / ((i % 3) + 1)),
      entropy: filled([tokens], meanOf),
      ...(outputs.includes('visual_logits') ? intermediatesOf(vision, views, perView) : {}),
    };
  };
}

function intermediatesOf(vision: VisionDescription, views: number, perView: number): NamedTensors {
  const tokens = (views * perView) / vision.mergeStride ** 2;
  return {
    vit_features: filled([views, perView, vision.hiddenSize], (i) => i),
    head_input: filled([tokens, vision.hiddenSize * vision.mergeStride ** 2], (i) => i),
    visual_logits: filled([tokens, vision.visualVocabularySize], (i) => i),
    visual_probs: filled([tokens, vision.visualVocabularySize], (i) => i),
  };
}

/** So many visual words that only one view of 4 tokens fits into a run. */
const manyWords = tiledModel({}, { visualVocabularySize: 2 ** 24 });

async function opened(model: ModelDescription, run: FakeRun = meansOf(model), outputs = {}) {
  const fake = fakeBackend(run);
  const side = model.preprocessing.kind === 'native' ? (model.preprocessing.positionGrid ?? 0) : 0;
  const positions = side === 0 ? null : new Float32Array(side ** 2 * model.vision.hiddenSize).fill(0.25);
  const description = fakeDescription(outputs);
  const source = { backend: fake.backend, graph: fakeGraph, description, model, positions };
  return { ...fake, source, tokenizer: await VisualTokenizer.open(source) };
}

test('tokenizes all sub-images in one run when they are small', async () => {
  const model = tiledModel();
  const { tokenizer, calls, state } = await opened(model);
  const prepared = await prepareImage(greyImage(56, 112), model);
  const tokens = await tokenizer.tokenize(prepared);
  expect(state.contract).toEqual(tiledVisualTokenizerContract);
  expect(calls.map(({ inputs }) => inputs['patches']?.dims)).toEqual([[3, 16, 588]]);
  expect(calls[0]?.outputs).toEqual(Object.keys(tiledVisualTokenizerContract.outputs));
  expect(tokens).toMatchObject({ length: 12, hiddenSize: 64, wordsPerToken: 3 });
  expect(tokens.data.length).toBe(12 * 64);
  expect(tokens.topWords).toEqual(Int32Array.from({ length: 36 }, (_, i) => i % 3));
  expect(tokens.topProbabilities.length).toBe(36);
  expect(tokens.entropy.length).toBe(12);
  expect(tokens.intermediates).toBeUndefined();
});

test('joins the runs of large sub-images in order and reports progress', async () => {
  const few = await opened(tiledModel());
  const many = await opened(manyWords);
  const picture = greyImage(56, 112);
  picture.data.fill(250, 0, 56 * 50 * 3);
  const prepared = await prepareImage(picture, manyWords);
  const progress: Progress[] = [];
  const tokens = await many.tokenizer.tokenize(prepared, { onProgress: (state) => progress.push(state) });
  expect(many.calls.map(({ inputs }) => inputs['patches']?.dims[0])).toEqual([1, 1, 1]);
  expect(tokens).toEqual(await few.tokenizer.tokenize(prepared));
  expect(progress).toEqual([1, 2, 3].map((done) => ({ phase: 'vision', item: 'image', done, total: 3 })));
});

test('sends a run no more memory than its own patches', async () => {
  const { tokenizer, calls } = await opened(manyWords);
  await tokenizer.tokenize(await prepareImage(greyImage(56, 112), manyWords));
  const buffers = calls.map(({ inputs }) => inputs['patches']?.data.buffer.byteLength);
  expect(buffers).toEqual([16 * 588 * 4, 16 * 588 * 4, 16 * 588 * 4]);
});

test('feeds positions and rotary angles with the frames of a video', async () => {
  const model = nativeModel();
  const { tokenizer, calls, state } = await opened(model);
  const prepared = await prepareVideo([greyImage(64, 96, 10), greyImage(64, 96, 240)], model, { minPixels: 4096 });
  const tokens = await tokenizer.tokenize(prepared);
  expect(state.contract).toEqual(nativeVisualTokenizerContract);
  expect(Object.entries(calls[0]?.inputs ?? {}).map(([name, { dims }]) => [name, dims])).toEqual([
    ['patches', [2, 24, 768]],
    ['positions', [24, 48]],
    ['cosines', [24, 8]],
    ['sines', [24, 8]],
  ]);
  expect(tokens.length).toBe(12);
  expect(tokens.entropy[0]).toBeLessThan(0);
  expect(tokens.entropy[11]).toBeGreaterThan(0);
});

test('feeds neutral positions and angles to a model that has none', async () => {
  const model = nativeModel({ positionGrid: null, rotaryHeadSize: null });
  const { tokenizer, calls } = await opened(model);
  await tokenizer.tokenize(await prepareImage(greyImage(64, 64), model, { maxPixels: 64 * 64 }));
  const { positions, cosines, sines } = calls[0]?.inputs ?? {};
  expect([positions, cosines, sines].map((tensor) => new Set<unknown>(tensor?.data))).toEqual([
    new Set([0]),
    new Set([1]),
    new Set([0]),
  ]);
});

test('returns intermediates when the graph has them and they are asked for', async () => {
  const model = tiledModel();
  const { tokenizer, calls, state } = await opened(model, meansOf(model), visualTokenizerIntermediates);
  const prepared = await prepareImage(greyImage(56, 112), model);
  const { intermediates } = await tokenizer.tokenize(prepared, { intermediates: true });
  expect(Object.keys(state.contract?.outputs ?? {})).toContain('visual_logits');
  expect(calls[0]?.outputs).toContain('visual_logits');
  expect(Object.entries(intermediates ?? {}).map(([name, { dims }]) => [name, dims])).toEqual([
    ['vit_features', [3, 16, 48]],
    ['head_input', [12, 192]],
    ['visual_logits', [12, 195]],
    ['visual_probs', [12, 195]],
  ]);
  expect((await tokenizer.tokenize(prepared)).intermediates).toBeUndefined();
  expect(calls[1]?.outputs).not.toContain('visual_logits');
});

test('stops before the next run when the signal is aborted', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const run = meansOf(manyWords);
  const { tokenizer, calls } = await opened(manyWords, (inputs, outputs) => {
    if (calls.length === 2) controller.abort(reason);
    return run(inputs, outputs);
  });
  const prepared = await prepareImage(greyImage(56, 112), manyWords);
  await expect(tokenizer.tokenize(prepared, { signal: controller.signal })).rejects.toBe(reason);
  expect(calls.length).toBe(2);
  await expect(tokenizer.tokenize(prepared, { signal: controller.signal })).rejects.toBe(reason);
  expect(calls.length).toBe(2);
  expect((await tokenizer.tokenize(prepared)).length).toBe(12);
});

test('waits for running work when it is disposed, once, and then refuses new work', async () => {
  const model = tiledModel();
  const run = meansOf(model);
  const { tokenizer, state } = await opened(model, async (inputs, outputs) => {
    await setTimeout(20);
    return run(inputs, outputs);
  });
  const prepared = await prepareImage(greyImage(56, 56), model);
  const running = tokenizer.tokenize(prepared);
  const disposals = Promise.all([tokenizer.dispose(), tokenizer[asyncDispose]()]);
  await expect(tokenizer.tokenize(prepared)).rejects.toThrow(DisposedError);
  expect(state.disposals).toBe(0);
  await disposals;
  expect((await running).length).toBe(4);
  expect(state.disposals).toBe(1);
});

test('passes on the failure of a run and can be used again', async () => {
  const model = tiledModel();
  const failure = new Error('out of memory');
  const run = meansOf(model);
  const { tokenizer, calls } = await opened(model, (inputs, outputs) => {
    if (calls.length === 1) throw failure;
    return run(inputs, outputs);
  });
  const prepared = await prepareImage(greyImage(56, 56), model);
  await expect(tokenizer.tokenize(prepared)).rejects.toBe(failure);
  expect((await tokenizer.tokenize(prepared)).length).toBe(4);
});

test.each<[string, NamedTensors, new (message: string) => Error]>([
  ['lacks an output', { entropy: int64Tensor([1, 2, 3, 4]) }, GraphContractError],
  ['has words of another type', { top_words: filled([4, 3], () => 0) }, GraphContractError],
  ['has embeddings of another width', { visual_embeddings: filled([4, 63], () => 0) }, ShapeMismatchError],
  ['has too few tokens', { entropy: filled([3], () => 0) }, ShapeMismatchError],
  ['has more probabilities than words', { top_probabilities: filled([4, 4], () => 0) }, ShapeMismatchError],
])('refuses a graph that %s', async (_, wrong, error) => {
  const model = tiledModel();
  const run = meansOf(model);
  const { tokenizer } = await opened(model, async (inputs, outputs) => ({ ...(await run(inputs, outputs)), ...wrong }));
  await expect(tokenizer.tokenize(await prepareImage(greyImage(56, 56), model))).rejects.toThrow(error);
});

test('refuses a picture that was prepared for another model', async () => {
  const { tokenizer } = await opened(tiledModel());
  const other = await prepareImage(greyImage(64, 64), nativeModel(), { maxPixels: 64 * 64 });
  await expect(tokenizer.tokenize(other)).rejects.toThrow(ShapeMismatchError);
});

test('refuses intermediates of a graph that has none', async () => {
  const model = tiledModel();
  const { tokenizer } = await opened(model);
  const prepared = await prepareImage(greyImage(56, 56), model);
  await expect(tokenizer.tokenize(prepared, { intermediates: true })).rejects.toThrow(InvalidArgumentError);
});

test('refuses a position table that does not fit the model', async () => {
  const { source } = await opened(nativeModel());
  await expect(VisualTokenizer.open({ ...source, positions: null })).rejects.toThrow(ShapeMismatchError);
  await expect(VisualTokenizer.open({ ...source, positions: new Float32Array(7) })).rejects.toThrow(/one of 7/);
  const tiled = { ...source, model: tiledModel(), positions: new Float32Array(7) };
  await expect(VisualTokenizer.open(tiled)).rejects.toThrow(/no position table/);
});
