// The product's own path in a browser: page, worker, files over HTTP, graphs on WebAssembly and WebGPU.
import { servedBytes, servedUrl } from '@ovis/testing/browser';
import { Ovis, type GenerateRequest, type StreamPart } from 'ovis/web';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

describe('the embedded model on WebAssembly', () => {
  let ovis: Ovis;
  let image: Uint8Array;
  const request = (text = 'What is in the picture?'): GenerateRequest => ({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', image },
          { type: 'text', text },
        ],
      },
    ],
  });
  beforeAll(async () => {
    image = await servedBytes('examples/images/shapes.png');
    ovis = await Ovis.load(servedUrl('packages/nano/bundle/'), { device: 'wasm' });
  });
  afterAll(() => ovis.dispose());

  test('says what it is and where it runs', () => {
    expect(ovis.model.generation).toBe(ovis.manifest.model.generation);
    expect(ovis.device.kind).toBe('wasm');
    expect(ovis.device.runtime).toMatch(/^onnxruntime-web \d+\.\d+\.\d+$/u);
    expect(ovis.device.reasons).toContain('device wasm was asked for');
    expect(ovis.loadTimings.totalMs).toBeGreaterThan(0);
  });

  test('streams what it generates', async () => {
    const whole = await ovis.generate(request());
    expect(whole.text).toMatch(/\w/u);
    const parts: StreamPart[] = [];
    for await (const part of ovis.stream(request())) parts.push(part);
    const texts = parts.flatMap((part) => (part.type === 'text-delta' ? [part.text] : []));
    expect(texts.join('')).toBe(whole.text);
    expect(parts.at(-1)).toMatchObject({ type: 'finish', reason: whole.finishReason, tokens: whole.tokens });
  });

  test('leaves the bytes of a picture to the caller', async () => {
    await ovis.look(image);
    expect(image.byteLength).toBeGreaterThan(0);
  });
});

test('the embedded model answers on WebGPU, and auto prefers WebAssembly where software plays the adapter', async () => {
  const content = [
    { type: 'image', image: await servedBytes('examples/images/shapes.png') },
    { type: 'text', text: 'What is in the picture?' },
  ] as const;
  const bundle = servedUrl('packages/nano/bundle-webgpu/');
  const ovis = await Ovis.load(bundle, { device: 'webgpu' });
  expect(ovis.device).toMatchObject({ kind: 'webgpu', adapter: 'google swiftshader' });
  const { text, tokens } = await ovis.generate({ messages: [{ role: 'user', content }] });
  await ovis.dispose();
  expect(text).toMatch(/star/u);

  const automatic = await Ovis.load(bundle);
  expect(automatic.device.kind).toBe('wasm');
  expect(automatic.device.reasons.join()).toContain('played by the processor');
  expect((await automatic.generate({ messages: [{ role: 'user', content }] })).tokens).toEqual(tokens);
  await automatic.dispose();
});
