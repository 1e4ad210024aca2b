// Two models in two workers of one page, compared as in Node.
import { bundleUrl, servedBytes, servedUrl } from '@ovis/testing/browser';
import { DisposedError, ImageError, InvalidArgumentError, Ovis, type CompareSample, type Progress } from 'ovis/web';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const options = { device: 'wasm', threads: 1, storage: 'none' } as const;
const nano = servedUrl('packages/nano/bundle/');
let image: Uint8Array;
let samples: readonly CompareSample[];
beforeAll(async () => {
  image = await servedBytes('examples/images/shapes.png');
  samples = [{ messages: [{ role: 'user', content: 'Hi' }] }, seen(image)];
});

function seen(picture: Extract<CompareSample['messages'][number]['content'][number], { type: 'image' }>['image']) {
  const content = [
    { type: 'image', image: picture },
    { type: 'text', text: 'What is in the picture?' },
  ] as const;
  return { messages: [{ role: 'user', content }] } satisfies CompareSample;
}

const equal = { visualEmbeddings: 0, sameVisualWord: 1, entropyDifference: 0, logits: 0, sameToken: 1 };

describe('the embedded model in two workers', () => {
  let ovis: Ovis;
  let again: Ovis;
  beforeAll(async () => {
    [ovis, again] = await Promise.all([Ovis.load(nano, options), Ovis.load(nano, options)]);
  });
  afterAll(() => Promise.all([ovis.dispose(), again.dispose()]));

  test('differs in nothing, tells of each sample, and leaves the page free', async () => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    observer.observe({ type: 'longtask' });
    const heard: Progress[] = [];
    const { overall, samples: each } = await ovis.compare(again, samples, { onProgress: (told) => heard.push(told) });
    tasks.push(...observer.takeRecords().map(({ duration }) => duration));
    observer.disconnect();
    expect(overall).toMatchObject(equal);
    expect(overall.divergence).toBeLessThan(1e-6);
    expect(each[0]).toMatchObject({ visualEmbeddings: null, sameVisualWord: null, entropyDifference: null });
    expect(each[1]?.positions).toBeGreaterThan(1);
    expect(heard.map(({ item, done, total }) => [item, done, total])).toEqual([
      ['sample 1', 0, 2],
      ['sample 2', 1, 2],
    ]);
    console.log(`Longest task of the page while two models were compared: ${Math.max(0, ...tasks)} ms.`);
    expect(tasks).toEqual([]);
  });

  test('is compared with itself in one worker', async () => {
    const { overall } = await ovis.compare(ovis, samples, { maxNewTokens: 2 });
    expect(overall).toMatchObject(equal);
  });

  test('takes what a page draws once for both, and leaves it to the caller', async () => {
    const bitmap = await createImageBitmap(new Blob([image.slice()], { type: 'image/png' }));
    const { overall } = await ovis.compare(again, [seen(bitmap)], { maxNewTokens: 1 });
    expect(overall).toMatchObject({ ...equal, positions: 1 });
    expect(bitmap.width).toBeGreaterThan(0);
  });

  test('ends when the signal is aborted, with the reason, and compares again', async () => {
    await expect(ovis.compare(again, samples, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
    for (const milliseconds of [0, 20, 200]) {
      const controller = new AbortController();
      const comparing = ovis.compare(again, Array(20).fill(samples[1]) as CompareSample[], controller);
      setTimeout(() => {
        controller.abort(`after ${milliseconds}`);
      }, milliseconds);
      await expect(comparing).rejects.toBe(`after ${milliseconds}`);
    }
    const { overall } = await ovis.compare(again, samples.slice(0, 1), { maxNewTokens: 1 });
    expect(overall.logits).toBe(0);
  });

  test('refuses what cannot be asked, as Node does', async () => {
    await expect(ovis.compare(again, [])).rejects.toThrow(InvalidArgumentError);
    await expect(ovis.compare(again, samples, { maxNewTokens: 0 })).rejects.toThrow(InvalidArgumentError);
    await expect(ovis.compare(again, [seen(Uint8Array.of(1, 2, 3))])).rejects.toThrow(ImageError);
    await expect(ovis.compare(again, [{ messages: 3 } as unknown as CompareSample])).rejects.toThrow(
      InvalidArgumentError,
    );
  });

  test('refuses another model, and one that was disposed', async () => {
    const other = await Ovis.load(bundleUrl('ovis2-tiny'), options);
    await expect(ovis.compare(other, samples)).rejects.toThrow(InvalidArgumentError);
    const running = other.compare(other, samples, { maxNewTokens: 1 });
    await other.dispose();
    expect((await running).overall.logits).toBe(0);
    await expect(other.compare(other, samples)).rejects.toThrow(DisposedError);
    await expect(ovis.compare(other, samples)).rejects.toThrow(DisposedError);
  });
});
