import { InferenceSession, Tensor } from 'onnxruntime-node';
import { fixtureCases, fixturePath, integersOf, readSafetensors, type StoredTensor } from '@ovis/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ModelConfig } from '../src/checkpoint/checkpoint-config.ts';
import { buildVisualTokenizerGraph } from '../src/graphs/visual-tokenizer.ts';
import { createLowering } from '../src/lowering/lowering.ts';
import { largestDifference } from './compare.ts';
import { resizedPositions, rotaryAngles } from './native-positions.ts';
import { all } from './one-dtype.ts';
import { ovis25Tiny, ovis2Tiny } from './tiny-configs.ts';
import { writeGraph } from './write-graph.ts';

/** Stages and how far float32 may be from the official code's numbers (fixtures/README.md). */
const tolerances = {
  vit_features: 1e-4,
  head_input: 1e-4,
  visual_logits: 1e-4,
  visual_probs: 1e-5,
  visual_embeds: 5e-5,
} as const;

const stages = Object.keys(tolerances) as (keyof typeof tolerances)[];
type Stages = Readonly<Record<string, Tensor>>;

const models = [
  { model: 'ovis2-tiny', config: ovis2Tiny, run: runTiles },
  { model: 'ovis2.5-tiny', config: ovis25Tiny, run: runNative },
] as const;

describe.each(models)('$model', ({ model, config, run }) => {
  let session: InferenceSession;
  const weights = readSafetensors(fixturePath(`${model}/model.safetensors`));

  beforeAll(async () => {
    const graph = buildVisualTokenizerGraph(config, createLowering('cpu', all('f32')), { intermediates: true });
    session = await InferenceSession.create(writeGraph(graph, weights));
  });

  const cases = fixtureCases(model).filter(({ tensors }) => tensors.has('pixel_values'));

  test.each(cases)('computes the stages of $name as the official code does', async ({ tensors }) => {
    const parts = await run(session, config, weights, tensors);
    for (const stage of stages) {
      const golden = tensors.get(stage);
      if (!golden) continue; // bulky stages are left out of some cases
      const name = stage === 'visual_embeds' ? 'visual_embeddings' : stage;
      const ours = concatenated(parts.map((part) => floats(part[name])));
      expect({ stage, off: largestDifference(ours, golden.data) > tolerances[stage] }).toEqual({ stage, off: false });
    }
  });

  test.each(cases)(
    'reports words, probabilities and entropy that belong to the distribution of $name',
    async (item) => {
      for (const part of await run(session, config, weights, item.tensors)) {
        const probabilities = floats(part['visual_probs']);
        const width = config.vision.visualVocabularySize;
        const [words, shares, entropy] = ['top_words', 'top_probabilities', 'entropy'].map((name) => part[name]?.data);
        for (let token = 0; token < probabilities.length / width; token++) {
          const row = Array.from(probabilities.subarray(token * width, (token + 1) * width));
          const best = row.map((_, word) => word).toSorted((a, b) => (row[b] ?? 0) - (row[a] ?? 0));
          for (let rank = 0; rank < 8; rank++) {
            expect(Number(words?.[token * 8 + rank])).toBe(best[rank]);
            expect(shares?.[token * 8 + rank]).toBe(row[best[rank] ?? 0]);
          }
          const expected = -row.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
          expect(Number(entropy?.[token])).toBeCloseTo(expected, 4);
        }
      }
    },
  );
});

function floats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('Expected a float32 tensor.');
  return tensor.data;
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** All views in one run. Pixels `[N, 3, side, side]` become patches row by row. */
async function runTiles(
  session: InferenceSession,
  { vision }: ModelConfig,
  _weights: unknown,
  tensors: ReadonlyMap<string, StoredTensor>,
): Promise<Stages[]> {
  const pixels = tensors.get('pixel_values');
  const [views = 0] = pixels?.shape ?? [];
  const { gridSide, patchSize: p } = vision;
  const side = gridSide * p;
  const data = new Float32Array(views * 3 * side * side);
  let index = 0;
  for (let view = 0; view < views; view++) {
    for (let patch = 0; patch < gridSide ** 2; patch++) {
      const [top, left] = [Math.floor(patch / gridSide) * p, (patch % gridSide) * p];
      for (let channel = 0; channel < 3; channel++) {
        for (let row = top; row < top + p; row++) {
          const start = ((view * 3 + channel) * side + row) * side + left;
          for (let column = 0; column < p; column++) data[index++] = Number(pixels?.data[start + column]);
        }
      }
    }
  }
  return [await session.run({ patches: new Tensor('float32', data, [views, gridSide ** 2, 3 * p * p]) })];
}

/** One run per picture; the frames of a video are the batch. */
async function runNative(
  session: InferenceSession,
  { vision }: ModelConfig,
  weights: ReadonlyMap<string, StoredTensor>,
  tensors: ReadonlyMap<string, StoredTensor>,
): Promise<Stages[]> {
  const { hiddenSize: d, heads, patchSize } = vision;
  const table = weights.get('visual_tokenizer.vit.vision_model.embeddings.position_embedding.weight')?.data;
  const pixels = tensors.get('pixel_values')?.data;
  if (!(table instanceof Float32Array) || !(pixels instanceof Float32Array)) throw new Error('Not a native case.');
  const grids = integersOf(tensors.get('grid_thws'));
  const width = 3 * patchSize ** 2;
  const results: Stages[] = [];
  let offset = 0;
  for (let image = 0; image < grids.length; image += 3) {
    const [frames = 1, gridHeight = 1, gridWidth = 1] = grids.slice(image, image + 3);
    const patches = gridHeight * gridWidth;
    const end = offset + frames * patches * width;
    const angles = rotaryAngles(d / heads, gridHeight, gridWidth);
    const angleDims = [patches, d / heads / 2];
    results.push(
      await session.run({
        patches: new Tensor('float32', pixels.slice(offset, end), [frames, patches, width]),
        positions: new Tensor('float32', resizedPositions(table, d, gridHeight, gridWidth), [patches, d]),
        cosines: new Tensor('float32', angles.map(Math.cos), angleDims),
        sines: new Tensor('float32', angles.map(Math.sin), angleDims),
      }),
    );
    offset = end;
  }
  return results;
}
