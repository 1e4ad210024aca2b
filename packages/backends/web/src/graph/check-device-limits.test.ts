import { BackendUnavailableError } from '@ovis/core';
import { expect, test } from 'vitest';
import { checkDeviceLimits } from './check-device-limits.ts';
import type { GraphWeight } from './graph-weights.ts';

const MIB = 2 ** 20;
const weight = (bits: number, parameters = 100 * MIB): GraphWeight => ({
  name: 'lm_head.weight',
  bits,
  parameters,
  bytes: (parameters * bits) / 8,
});
const device = (maxBufferSize: number) => ({ maxBufferSize, halfPrecision: false, adapter: 'acme one' });

test.each([
  [32, 250, 'f16'],
  [32, 120, 'int8'],
  [16, 60, 'int4'],
  [8, 60, 'int4'],
  [8, 40, null],
  [4, 40, null],
])('a weight of %d bits that is too large for %d MiB would fit as %s', (bits, mebibytes, fitting) => {
  const check = () => {
    checkDeviceLimits({ weights: [weight(8, 1000), weight(bits)], halfPrecision: false }, device(mebibytes * MIB));
  };
  expect(check).toThrow(BackendUnavailableError);
  expect(check).toThrow(/lm_head\.weight takes \d+ MiB.*acme one/su);
  expect(check).toThrow(fitting === null ? /smaller model/u : new RegExp(`Stored as ${fitting} it would fit`, 'u'));
});

test('weights that fit pass', () => {
  checkDeviceLimits({ weights: [weight(8)], halfPrecision: false }, device(100 * MIB));
  checkDeviceLimits({ weights: [], halfPrecision: false }, device(1));
  expect(() => checkDeviceLimits({ weights: [], halfPrecision: true }, device(MIB))).toThrow(/shader-f16/u);
});
