// What may go wrong while a model is loaded and used in a browser: each has its typed error, or goes on.
import { servedBytes, servedUrl } from '@ovis/testing/browser';
import {
  DisposedError,
  ImageError,
  InvalidArgumentError,
  ModelFileError,
  Ovis,
  OvisError,
  PromptError,
  RuntimeFailureError,
  type GenerateRequest,
} from 'ovis/web';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';

const bundle = servedUrl('packages/nano/bundle/');
const options = { device: 'wasm', threads: 1, storage: 'none' } as const;
let image: Uint8Array;
beforeAll(async () => {
  image = await servedBytes('examples/images/shapes.png');
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function request(more: Partial<GenerateRequest> = {}): GenerateRequest {
  const content = [
    { type: 'image', image },
    { type: 'text', text: 'What is in the picture?' },
  ] as const;
  return { messages: [{ role: 'user', content }], ...more };
}

/** Workers that are started from now on. */
function watchWorkers(): Worker[] {
  const workers: Worker[] = [];
  const RealWorker = Worker;
  vi.stubGlobal(
    'Worker',
    class extends RealWorker {
      constructor(url: string | URL, workerOptions?: WorkerOptions) {
        super(url, workerOptions);
        workers.push(this);
      }
    },
  );
  return workers;
}

describe('loading', () => {
  test('gives the reason of an abort, before it begins and at any time, and leaves no worker', async () => {
    await expect(Ovis.load(bundle, { ...options, signal: AbortSignal.abort('no') })).rejects.toBe('no');
    for (const milliseconds of [0, 60, 300]) {
      const workers = watchWorkers();
      const controller = new AbortController();
      const loading = Ovis.load(bundle, { ...options, signal: controller.signal });
      setTimeout(() => {
        controller.abort(`after ${milliseconds}`);
      }, milliseconds);
      const outcome = await loading.catch((error: unknown) => error);
      if (outcome instanceof Ovis) await outcome.dispose();
      else expect(outcome).toBe(`after ${milliseconds}`);
      expect(workers).toHaveLength(1);
      vi.unstubAllGlobals();
    }
  });

  test('refuses what is no bundle, with its address', async () => {
    await expect(Ovis.load('/packages/core/src/', options)).rejects.toThrow(OvisError);
    await expect(Ovis.load(42 as unknown as string)).rejects.toThrow(InvalidArgumentError);
    await expect(Ovis.load([])).rejects.toThrow(InvalidArgumentError);
    await expect(Ovis.load(bundle, { ...options, device: 'tpu' as 'wasm' })).rejects.toThrow(InvalidArgumentError);
    await expect(Ovis.load('http://[', options)).rejects.toThrow(InvalidArgumentError);
  });

  test('reports what it does', async () => {
    const phases = new Set<string>();
    const ovis = await Ovis.load(bundle, { ...options, onProgress: ({ phase }) => phases.add(phase) });
    await ovis.dispose();
    expect([...phases]).toEqual(expect.arrayContaining(['verify', 'load']));
  });

  test('takes the files of a bundle as well as its address', async () => {
    const names = ['ovis.json', ...(await manifestFiles())];
    const files = await Promise.all(names.map(async (name) => new File([await bytesOf(name)], name)));
    const ovis = await Ovis.load(files, options);
    expect(ovis.model.name).toBe('ovis-nano');
    await ovis.dispose();
    const damaged = files.map((file) =>
      file.name === 'decoder.data' ? new File([new Uint8Array(file.size)], file.name) : file,
    );
    await expect(Ovis.load(damaged, options)).rejects.toThrow(ModelFileError);
  });
});

describe('a loaded model', () => {
  let ovis: Ovis;
  beforeAll(async () => {
    ovis = await Ovis.load(bundle, options);
  });
  afterAll(() => ovis.dispose());

  test('throws the errors of the worker as the classes they are', async () => {
    const ask = (content: unknown, more = {}) =>
      ovis.generate({ messages: [{ role: 'user', content }], ...more } as GenerateRequest);
    await expect(ask([{ type: 'image', image: Uint8Array.of(1, 2, 3) }])).rejects.toThrow(ImageError);
    await expect(ask([{ type: 'image' }])).rejects.toThrow(PromptError);
    await expect(ask([{ type: 'sound' }])).rejects.toThrow(PromptError);
    await expect(ask('hi', { temperature: -1 })).rejects.toThrow(InvalidArgumentError);
    await expect(ask('hi', { stop: () => 0 })).rejects.toThrow(InvalidArgumentError);
    await expect(ovis.generate({ messages: 3 } as unknown as GenerateRequest)).rejects.toThrow(InvalidArgumentError);
    const empty = Object.assign(document.createElement('canvas'), { width: 0 });
    await expect(ask([{ type: 'image', image: empty }])).rejects.toThrow(ImageError);
    await expect(ask([{ type: 'image', image: 'picture.png' }])).rejects.toThrow(/no paths/u);
  });

  test('ends an answer when its signal is aborted, with the reason, and answers again', async () => {
    const controller = new AbortController();
    const answer = ovis.generate(request({ signal: controller.signal, onProgress: () => controller.abort('enough') }));
    await expect(answer).rejects.toBe('enough');
    const stream = new AbortController();
    const parts = ovis.stream(request({ signal: stream.signal }));
    await parts.next();
    stream.abort('stop');
    await expect(parts.next()).rejects.toBe('stop');
    expect((await ovis.generate(request())).text).not.toBe('');
  });

  test('ends a stream that nobody reads further', async () => {
    for await (const part of ovis.stream(request())) {
      expect(part.type).toBe('text-delta');
      break;
    }
    const unread = ovis.stream(request());
    await unread.return();
  });

  test('answers several requests at once', async () => {
    const [first, second, look] = await Promise.all([
      ovis.generate(request()),
      ovis.generate(request()),
      ovis.look(image),
    ]);
    expect(second.tokens).toEqual(first.tokens);
    expect(look.views[0]?.words.length).toBeGreaterThan(0);
  });

  test('takes what a page shows: a bitmap, a canvas and pixels see the same', async () => {
    const bitmap = await createImageBitmap(new Blob([image.slice()], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    const pixels = context?.getImageData(0, 0, canvas.width, canvas.height);
    const words = async (source: Parameters<Ovis['look']>[0]) => (await ovis.look(source)).views[0]?.words;
    const expected = await words(image);
    expect(await words(bitmap)).toEqual(expected);
    expect(await words(canvas)).toEqual(expected);
    expect(pixels === undefined ? null : await words(pixels)).toEqual(expected);
    expect(bitmap.width).toBeGreaterThan(0);
  });

  test('leaves the page free while it answers', async () => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    observer.observe({ type: 'longtask' });
    await ovis.generate(request());
    for await (const _ of ovis.stream(request()));
    await new Promise((resolve) => setTimeout(resolve, 100));
    tasks.push(...observer.takeRecords().map(({ duration }) => duration));
    observer.disconnect();
    console.log(`Longest task of the page while two answers were generated: ${Math.max(0, ...tasks)} ms.`);
    expect(tasks).toEqual([]);
  });
});

describe('the end of a model', () => {
  test('waits for what runs, refuses the rest, and may come twice', async () => {
    const ovis = await Ovis.load(bundle, options);
    const running = ovis.generate(request());
    const stream = ovis.stream(request());
    await stream.next();
    const first = ovis.dispose();
    await ovis.dispose();
    await first;
    expect((await running).text).not.toBe('');
    await expect(stream.next()).rejects.toThrow(DisposedError);
    await expect(ovis.generate(request())).rejects.toThrow(DisposedError);
    await expect(ovis.look(image)).rejects.toThrow(DisposedError);
  });

  test('is an error when the browser ends the worker, and the model can be loaded again', async () => {
    const workers = watchWorkers();
    const ovis = await Ovis.load(bundle, options);
    const running = ovis.generate(request()).catch((error: unknown) => error);
    workers[0]?.terminate();
    const error = await running;
    expect(error).toBeInstanceOf(RuntimeFailureError);
    expect(String(error)).toMatch(/worker of ovis\/web ended.*Load the model again/su);
    await expect(ovis.generate(request())).rejects.toThrow(RuntimeFailureError);
    await ovis.dispose();
    const again = await Ovis.load(bundle, options);
    expect((await again.generate(request())).text).not.toBe('');
    await again.dispose();
  });
});

async function manifestFiles(): Promise<string[]> {
  const manifest = JSON.parse(new TextDecoder().decode(await bytesOf('ovis.json'))) as { files: { path: string }[] };
  return manifest.files.map(({ path }) => path);
}

async function bytesOf(name: string) {
  return (await servedBytes(`packages/nano/bundle/${name}`)).slice();
}
