import { expect, test } from 'vitest';
import { rotaryFrequencies } from './rotary-tables.ts';

test('frequencies fall from one radian per position', () => {
  const frequencies = rotaryFrequencies({ rotarySize: 8, theta: 10_000, scaling: { kind: 'none' } });
  expect(frequencies.map((frequency) => frequency.toFixed(6))).toEqual([
    '1.000000',
    '0.100000',
    '0.010000',
    '0.001000',
  ]);
});

test('linear scaling divides all of them', () => {
  const frequencies = rotaryFrequencies({ rotarySize: 4, theta: 100, scaling: { kind: 'linear', factor: 4 } });
  expect(frequencies).toEqual([0.25, 0.025]);
});

test('llama3 scaling keeps fast ones, divides slow ones and blends between', () => {
  const scaling = {
    kind: 'llama3',
    factor: 32,
    lowFrequencyFactor: 1,
    highFrequencyFactor: 4,
    originalContextLength: 8192,
  } as const;
  const plain = rotaryFrequencies({ rotarySize: 64, theta: 500_000, scaling: { kind: 'none' } });
  const scaled = rotaryFrequencies({ rotarySize: 64, theta: 500_000, scaling });
  plain.forEach((frequency, pair) => {
    const wavelength = (2 * Math.PI) / frequency;
    const smooth = (8192 / wavelength - 1) / 3;
    const between = ((1 - smooth) * frequency) / 32 + smooth * frequency;
    const expected = wavelength < 8192 / 4 ? frequency : wavelength > 8192 ? frequency / 32 : between;
    expect(scaled[pair]).toBeCloseTo(expected, 12);
  });
});

test('yarn keeps pairs that turn often, divides those that hardly turn and blends between', () => {
  const scaling = {
    kind: 'yarn',
    factor: 4,
    attentionFactor: 1,
    fastTurns: 32,
    slowTurns: 1,
    originalContextLength: 32768,
    truncate: true,
  } as const;
  const plain = rotaryFrequencies({ rotarySize: 128, theta: 1e6, scaling: { kind: 'none' } });
  const scaled = rotaryFrequencies({ rotarySize: 128, theta: 1e6, scaling });
  // 64 ln(32768 / 64 pi) / ln 1e6 = 23.6, and with one turn 39.6: bounds 23 and 40.
  expect(scaled.slice(0, 24)).toEqual(plain.slice(0, 24));
  expect(scaled.slice(40)).toEqual(plain.slice(40).map((frequency) => frequency / 4));
  const kept = 1 - (30 - 23) / (40 - 23);
  expect(scaled[30]).toBeCloseTo(((plain[30] ?? 0) * (1 - kept)) / 4 + (plain[30] ?? 0) * kept, 12);
});
