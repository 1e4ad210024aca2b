import { ImageError, type ModelDescription, type SecondScale } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { pixelValues, prepareImage } from '../src/index.ts';
import { filled, openFakeVisualTokenizer } from './fake-visual-graph.ts';
import { greyImage } from './grey-image.ts';
import { tiledModel } from './model-of.ts';

/** A model of one view of 47 pixels, 3 x 3 patches. */
function singleModel(secondScale: SecondScale): ModelDescription {
  const model = tiledModel(
    { side: 47, tokensPerView: 9, maxPartition: 1, secondScale },
    { mergeStride: 1, indicators: 2 },
  );
  return { ...model, generation: '1.5' };
}

describe('a picture for a model of one view', () => {
  test('is one view, however many sub-images are allowed', async () => {
    const { item, views, secondScale } = await prepareImage(greyImage(200, 400), singleModel('none'), {
      maxPartition: 9,
    });
    expect(item).toEqual({ kind: 'image', tokensPerView: 9, views: 1 });
    expect({ views, secondScale }).toEqual({ views: 1, secondScale: 'none' });
  });

  test('is seen with its quarters where there is a second scale', async () => {
    const picture = greyImage(31, 40, 10);
    for (let y = 15; y < 31; y++) picture.data.fill(250, (y * 40 + 20) * 3, (y * 40 + 40) * 3); // bottom right
    const model = singleModel('always');
    const prepared = await prepareImage(picture, model);
    expect(prepared).toMatchObject({ views: 5, secondScale: 'present', item: { views: 1 } });
    const { data, dims } = pixelValues(prepared, model);
    expect(dims).toEqual([1, 15, 47, 47]);
    const middle = (view: number) => data[(view * 3 * 47 + 23) * 47 + 23] ?? 0;
    expect([1, 2, 3, 4].map((view) => middle(view) > 0)).toEqual([false, false, false, true]);
  });

  test.each([
    [70, 71, 'absent'],
    [71, 70, 'absent'],
    [71, 71, 'present'],
  ] as const)('of %i x %i pixels has an adaptive second scale that is %s', async (height, width, expected) => {
    const model = singleModel('adaptive');
    const prepared = await prepareImage(greyImage(height, width), model);
    expect(prepared).toMatchObject({ views: 5, secondScale: expected });
    const { data } = pixelValues(prepared, model);
    expect(data.filter((value) => value === Infinity).length).toBe(expected === 'absent' ? 12 * 47 * 47 : 0);
    expect(data.subarray(0, 3 * 47 * 47).every(Number.isFinite)).toBe(true);
  });

  test('must have quarters that a second scale can look at', async () => {
    await expect(prepareImage(greyImage(1, 9), singleModel('always'))).rejects.toThrow(ImageError);
    await expect(prepareImage(greyImage(1, 1), singleModel('always'))).rejects.toThrow(/at least 2 x 2/);
    await expect(prepareImage(greyImage(2, 120), singleModel('always'))).rejects.toThrow(ImageError);
    expect((await prepareImage(greyImage(1, 1), singleModel('adaptive'))).secondScale).toBe('absent');
  });
});

describe('tokens of two scales', () => {
  const outputs = {
    visual_embeddings: filled([9, 64], (i) => i),
    top_words: { dtype: 'int64', dims: [9, 3], data: new BigInt64Array(27) },
    top_probabilities: filled([9, 3], () => 0),
    entropy: filled([9], () => 0),
    vit_features: filled([5, 9, 48], (i) => i),
    head_input: filled([9, 96], (i) => i),
    visual_logits: filled([9, 195], (i) => i),
    visual_probs: filled([9, 195], (i) => i),
  } as const;

  test.each([
    ['present', 100],
    ['absent', 50],
  ] as const)('are fed all five views and a second scale that is %s', async (secondScale, side) => {
    const model = singleModel('adaptive');
    const options = { intermediates: true, onRun: () => outputs };
    const { tokenizer, calls } = await openFakeVisualTokenizer(model, options);
    const tokens = await tokenizer.tokenize(await prepareImage(greyImage(side, side), model), { intermediates: true });
    expect(calls.map(({ patches }) => patches?.dims)).toEqual([[1, 5, 9, 588]]);
    expect(calls[0]?.['second_scale']?.data).toEqual(new Float32Array([secondScale === 'present' ? 1 : 0]));
    expect(tokens.length).toBe(9);
    expect(tokens.intermediates?.vit_features.dims).toEqual([5, 9, 48]);
    expect(tokens.intermediates?.head_input.dims).toEqual([9, 96]);
  });

  test('are not made of a picture that was prepared for one scale', async () => {
    const { tokenizer } = await openFakeVisualTokenizer(singleModel('always'), { onRun: () => outputs });
    const other = await prepareImage(greyImage(50, 50), singleModel('none'));
    await expect(tokenizer.tokenize(other)).rejects.toThrow(/not prepared for this model/);
  });
});
