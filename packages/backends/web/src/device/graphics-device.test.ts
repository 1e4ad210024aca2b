import { RuntimeFailureError } from '@ovis/core';
import { expect, test } from 'vitest';
import { GraphicsDevice } from './graphics-device.ts';

/** A device of nothing but its end. */
async function openDevice() {
  let lose: (info: { readonly reason: string; readonly message: string }) => void = () => undefined;
  const lost = new Promise((resolve) => (lose = resolve));
  const gpu = { lost, destroy: () => lose({ reason: 'destroyed', message: '' }) };
  const adapter = {
    limits: {},
    features: new Set(),
    info: { subgroupMinSize: 32 },
    requestDevice: () => Promise.resolve(gpu),
  } as unknown as GPUAdapter;
  const device = await GraphicsDevice.open({ adapter, name: 'acme one', halfPrecision: false, emulated: false });
  return { device, lose: () => lose({ reason: 'unknown', message: 'unplugged' }) };
}

const never = new Promise<never>(() => undefined);

test('work fails as soon as the device is lost, even if it never ends by itself', async () => {
  const { device, lose } = await openDevice();
  const running = [device.run(() => never), device.run(() => never)];
  lose();
  for (const work of running) {
    await expect(work).rejects.toThrow(RuntimeFailureError);
    await expect(work).rejects.toThrow('unplugged');
  }
});

test('after the loss no work begins, and work that failed over it says so', async () => {
  const { device, lose } = await openDevice();
  const failing = device.run(async () => {
    lose();
    await Promise.resolve();
    throw new Error('invalid buffer');
  });
  await expect(failing).rejects.toThrow('unplugged');
  let begun = false;
  const late = device.run(() => {
    begun = true;
    return Promise.resolve();
  });
  await expect(late).rejects.toThrow('unplugged');
  expect(begun).toBe(false);
});

test('giving the device up is no loss, and errors of work stay what they are', async () => {
  const { device } = await openDevice();
  await expect(device.run(() => Promise.reject(new Error('malformed')))).rejects.toThrow('malformed');
  const running = device.run(() => new Promise((resolve) => setTimeout(() => resolve(3), 5)));
  device.close();
  expect(await running).toBe(3);
});
