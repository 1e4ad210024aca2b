// Graphs of the models as they are released, from their configs alone.
import { elementCount } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { parseLanguageConfig } from '../src/checkpoint/language-config.ts';
import { buildDecoderGraph } from '../src/graphs/decoder.ts';
import { createLowering } from '../src/lowering/lowering.ts';
import { plannedBytes } from '../src/weights/planned-bytes.ts';
import { expectedTensors } from './expected-tensors.ts';
import { all } from './one-dtype.ts';
import { releasedLanguageModels } from './released-language-models.ts';

const EMBEDDING = 'llm.model.embed_tokens.weight';
/** Rotary tables of the whole context would be what takes the time here. */
const POSITIONS = 16;

describe.each(releasedLanguageModels)('$name', ({ name, config, millions }) => {
  const { language } = parseLanguageConfig(config, POSITIONS);

  test('has as many parameters as its checkpoint', () => {
    const graph = buildDecoderGraph({ language }, createLowering('cpu', all('f32')));
    const tensors = new Map(expectedTensors(graph));
    tensors.set(EMBEDDING, [language.vocabularySize, language.hiddenSize]); // also read by the host
    const total = [...tensors.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
    expect(Number((total / 1e6).toFixed(1))).toBe(millions);
  });

  test.skipIf(name === 'Ovis2.6-80B-A3B')('takes about two thirds of a byte per parameter in int4', () => {
    const graph = buildDecoderGraph({ language }, createLowering('cpu', all('int4')));
    const layers = graph.weights.filter(({ part }) => part === 'decoder');
    const bytes = layers.reduce((sum, weight) => sum + plannedBytes(weight), 0);
    const parameters = [...expectedTensors({ ...graph, weights: layers }).values()].reduce(
      (sum, shape) => sum + elementCount(shape),
      0,
    );
    expect(bytes / parameters).toBeGreaterThan(0.6);
    expect(bytes / parameters).toBeLessThan(0.7);
  });
});
