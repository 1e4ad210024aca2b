import { BackendUnavailableError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import type { BundleTraits } from '../web-backend-options.ts';
import { chooseDevice, type FoundAdapter } from './choose-device.ts';

const bundle: BundleTraits = { layout: 'webgpu', halfPrecision: false, weightBytes: 2 ** 20 };

function adapter(difference: { halfPrecision?: boolean; emulated?: boolean } = {}): FoundAdapter {
  const limits = { maxBufferSize: 2 ** 31 };
  const gpu = { limits } as GPUAdapter;
  return { adapter: gpu, name: 'acme one', halfPrecision: true, emulated: false, ...difference };
}

const finding = (found: FoundAdapter) => () => Promise.resolve(found);
const unasked = () => Promise.reject(new Error('No adapter should be looked for.'));

describe('auto', () => {
  test('takes WebGPU for a bundle that is laid out for it', async () => {
    const choice = await chooseDevice({ device: 'auto', bundle }, finding(adapter()));
    expect(choice).toMatchObject({
      device: 'webgpu',
      reasons: ['a buffer holds 2.00 GiB', 'the adapter has shader-f16'],
    });
  });

  test('takes WebAssembly for a bundle that is laid out for processors', async () => {
    const choice = await chooseDevice({ device: 'auto', bundle: { ...bundle, layout: 'cpu' } }, unasked);
    expect(choice).toEqual({ device: 'wasm', reasons: ['the bundle is laid out for processors'] });
  });

  test.each([
    [{ missing: 'this browser has no WebGPU' }, bundle, /no WebGPU/u],
    [adapter({ halfPrecision: false }), { ...bundle, halfPrecision: true }, /lacks shader-f16/u],
    [adapter({ emulated: true }), bundle, /played by the processor/u],
  ])('takes WebAssembly where WebGPU does not do, and says why (%#)', async (found, traits, reason) => {
    const choice = await chooseDevice({ device: 'auto', bundle: traits }, finding(found));
    expect(choice.device).toBe('wasm');
    expect(choice.reasons.join()).toMatch(reason);
  });

  test('refuses weights that neither WebGPU nor WebAssembly can hold', async () => {
    const large = { ...bundle, weightBytes: 2 ** 33 };
    const choosing = chooseDevice(
      { device: 'auto', bundle: large },
      finding({ missing: 'this browser has no WebGPU' }),
    );
    await expect(choosing).rejects.toThrow(/8\.0 GiB.*no WebGPU/su);
    await expect(
      chooseDevice({ device: 'auto', bundle: large }, finding(adapter({ emulated: true }))),
    ).resolves.toMatchObject({
      device: 'webgpu',
    });
  });
});

describe('a device that is asked for', () => {
  test('is taken whatever the bundle, and never replaced', async () => {
    const cpu = { ...bundle, layout: 'cpu' } as const;
    expect(await chooseDevice({ device: 'webgpu', bundle: cpu }, finding(adapter()))).toMatchObject({
      device: 'webgpu',
    });
    expect(await chooseDevice({ device: 'wasm', bundle }, unasked)).toMatchObject({ device: 'wasm' });
  });

  test.each([
    [{ missing: 'the browser offers no graphics adapter' }, /offers no graphics adapter.*device 'wasm'/su],
    [adapter({ halfPrecision: false }), /acme one lacks shader-f16/u],
  ])('is an error where it cannot be used (%#)', async (found, message) => {
    const choosing = chooseDevice({ device: 'webgpu', bundle: { ...bundle, halfPrecision: true } }, finding(found));
    await expect(choosing).rejects.toThrow(BackendUnavailableError);
    await expect(choosing).rejects.toThrow(message);
  });

  test('is refused for weights that WebAssembly cannot hold', async () => {
    const choosing = chooseDevice({ device: 'wasm', bundle: { ...bundle, weightBytes: 2 ** 32 } }, unasked);
    await expect(choosing).rejects.toThrow(BackendUnavailableError);
  });
});
