import { ovisGenerations, weightDtypes, type BundleManifest } from '@ovis/core';
import * as v from 'valibot';

// Bounds that no real model comes near; they keep a hostile manifest from asking for absurd work.
const MAX_NAME = 512;
const MAX_LIST = 100_000;
const MAX_COUNT = 2 ** 31;

const text = v.pipe(v.string(), v.maxLength(4096));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_NAME));
const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const count = v.pipe(natural, v.maxValue(MAX_COUNT));
const positive = v.pipe(natural, v.minValue(1), v.maxValue(MAX_COUNT));
const finite = v.pipe(v.number(), v.finite());

/** A path inside the bundle: relative, with `/`, no empty, `.` or `..` part, nothing a system could read as a drive. */
const path = v.pipe(
  name,
  v.check(
    (value) => !/[\\:\0]/.test(value) && value.split('/').every((part) => part !== '' && part !== '.' && part !== '..'),
    'a relative path inside the bundle',
  ),
);

const range = v.object({ file: path, offset: natural, length: natural });
const dtype = v.picklist(weightDtypes);
const generation = v.picklist(ovisGenerations);
const tensor = {
  dtype: v.picklist(['float32', 'float16', 'int64', 'int32', 'uint8', 'int8', 'bool']),
  shape: v.pipe(v.array(v.union([count, name])), v.maxLength(16)),
} as const;
const tensors = v.record(name, v.object(tensor));
const state = v.object({
  ...tensor,
  input: name,
  output: name,
  growingAxis: v.nullable(v.pipe(natural, v.maxValue(15))),
  appended: v.exactOptional(v.nullable(v.object({ output: name, length: name }))),
});
const successor = v.object({
  choice: name,
  feeds: v.record(name, name),
  counts: v.pipe(v.array(name), v.maxLength(16)),
  length: name,
});
const form = {
  file: path,
  narrowFile: v.exactOptional(v.nullable(path)),
  externalData: v.pipe(v.array(path), v.maxLength(1000)),
  signature: v.object({
    inputs: tensors,
    outputs: tensors,
    state: v.pipe(v.array(state), v.maxLength(10_000)),
    successor: v.exactOptional(v.nullable(successor)),
  }),
} as const;
const graph = v.object({ ...form, wasm: v.exactOptional(v.nullable(v.object(form))) });

const size = { rows: positive, columns: positive } as const;
const table = v.variant('storage', [
  v.object({ ...size, storage: v.picklist(['f32', 'f16']), data: range }),
  v.object({
    ...size,
    storage: v.literal('blocks'),
    bits: v.picklist([4, 8]),
    blockSize: v.pipe(positive, v.maxValue(65_536)),
    codes: range,
    scales: range,
    zeroPoints: v.nullable(range),
  }),
]);

const channels = v.tuple([finite, finite, finite]);
const normalisation = {
  rescale: finite,
  mean: channels,
  std: v.pipe(
    channels,
    v.check((values) => values.every((value) => value > 0), 'positive numbers'),
  ),
  filter: v.picklist(['nearest', 'bilinear', 'bicubic', 'lanczos']),
} as const;
const side = v.pipe(positive, v.maxValue(16_384));

const model = v.object({
  generation,
  name: text,
  language: v.object({
    architecture: name,
    hiddenSize: positive,
    layers: positive,
    heads: positive,
    keyValueHeads: positive,
    headSize: positive,
    vocabularySize: positive,
    contextLength: positive,
  }),
  vision: v.object({
    architecture: name,
    hiddenSize: positive,
    layers: positive,
    heads: positive,
    patchSize: side,
    mergeStride: side,
    visualVocabularySize: positive,
    indicators: count,
  }),
  preprocessing: v.variant('kind', [
    v.object({
      kind: v.literal('tiles'),
      ...normalisation,
      side,
      maxPartition: v.pipe(positive, v.maxValue(1000)),
      tokensPerView: positive,
      secondScale: v.exactOptional(v.picklist(['none', 'always', 'adaptive'])),
    }),
    v.object({
      kind: v.literal('native'),
      ...normalisation,
      minPixels: positive,
      maxPixels: positive,
      temporalPatchSize: v.pipe(positive, v.maxValue(64)),
      positionGrid: v.nullable(side),
      rotaryHeadSize: v.nullable(side),
    }),
  ]),
  promptFormat: v.picklist(['qwen', 'qwen3', 'llama3', 'gemma']),
  stopTokens: v.pipe(v.array(count), v.maxLength(1000)),
  thinkEndToken: v.nullable(count),
});

const parts = <T extends v.GenericSchema>(value: T) =>
  v.object({
    decoder: value,
    lmHead: value,
    vit: value,
    visualHead: value,
    visualTable: value,
    textTable: value,
  });

/** Shape of `ovis.json`, without its `format` and `version`, which are looked at first. */
export const manifestSchema = v.object({
  source: v.object({
    name: text,
    modelType: text,
    architecture: text,
    converter: text,
    quantisation: v.exactOptional(text),
  }),
  model,
  dtypes: parts(dtype),
  device: v.picklist(['cpu', 'webgpu']),
  parameters: parts(natural),
  graphs: v.object({ visualTokenizer: graph, decoder: graph, decoderStep: v.exactOptional(v.nullable(graph)) }),
  tables: v.object({ textEmbeddings: table, visualIndicators: table, visualPositions: v.nullable(table) }),
  tokenizer: v.object({ tokenizer: path, config: v.nullable(path) }),
  unusedTensors: v.pipe(v.array(v.object({ name: text, reason: text })), v.maxLength(MAX_LIST)),
  warnings: v.pipe(v.array(text), v.maxLength(MAX_LIST)),
  files: v.pipe(
    v.array(v.object({ path, bytes: natural, sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) })),
    v.maxLength(MAX_LIST),
  ),
}) satisfies v.GenericSchema<unknown, Omit<BundleManifest, 'format' | 'version'>>;
