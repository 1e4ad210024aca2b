import { graphFor, ModelFileError, type BundleManifest, type StateSpec, type WeightDtype } from '@ovis/core';
import { expect, test } from 'vitest';
import { parseManifest } from './parse-manifest.ts';

const perPart = <T>(value: T) => ({
  decoder: value,
  lmHead: value,
  vit: value,
  visualHead: value,
  visualTable: value,
  textTable: value,
});
const signature = { inputs: {}, outputs: {}, state: [] };
const file = (path: string, bytes: number) => ({ path, bytes, sha256: '0'.repeat(64) });
const manifest: BundleManifest = {
  format: 'ovis-bundle',
  version: 1,
  source: { name: 'tiny', modelType: 'ovis', architecture: 'Ovis', converter: '0.1.0' },
  model: {
    generation: '2',
    name: 'tiny',
    language: {
      architecture: 'qwen2',
      hiddenSize: 8,
      layers: 1,
      heads: 1,
      keyValueHeads: 1,
      headSize: 8,
      vocabularySize: 16,
      contextLength: 32,
    },
    vision: {
      architecture: 'aimv2',
      hiddenSize: 8,
      layers: 1,
      heads: 1,
      patchSize: 14,
      mergeStride: 2,
      visualVocabularySize: 5,
      indicators: 5,
    },
    preprocessing: {
      kind: 'tiles',
      filter: 'bicubic',
      rescale: 1 / 255,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      side: 56,
      maxPartition: 9,
      tokensPerView: 4,
    },
    promptFormat: 'qwen',
    stopTokens: [3],
    thinkEndToken: null,
  },
  dtypes: perPart<WeightDtype>('f32'),
  device: 'cpu',
  parameters: perPart(1),
  graphs: {
    visualTokenizer: { file: 'visual.onnx', externalData: ['visual.bin'], signature },
    decoder: { file: 'decoder.onnx', externalData: [], signature },
  },
  tables: {
    textEmbeddings: {
      rows: 16,
      columns: 8,
      storage: 'f32',
      data: { file: 'tables.bin', offset: 0, length: 512 },
    },
    visualIndicators: {
      rows: 5,
      columns: 8,
      storage: 'f32',
      data: { file: 'tables.bin', offset: 512, length: 160 },
    },
    visualPositions: null,
  },
  tokenizer: { tokenizer: 'tokenizer.json', config: null },
  unusedTensors: [],
  warnings: [],
  files: [
    file('visual.onnx', 1),
    file('visual.bin', 1),
    file('decoder.onnx', 1),
    file('tables.bin', 672),
    file('tokenizer.json', 1),
  ],
};

const parse = (value: unknown) => parseManifest(new TextEncoder().encode(JSON.stringify(value)), 'bundle');

test('a manifest comes back as it was written', () => {
  expect(parse(manifest)).toEqual(manifest);
});

test('a graph for single steps is kept, and is refused where its state is another', () => {
  const step = (state: readonly StateSpec[]) => ({
    ...manifest,
    graphs: { ...manifest.graphs, decoderStep: { ...manifest.graphs.decoder, signature: { ...signature, state } } },
  });
  expect(parse(step([])).graphs.decoderStep?.file).toBe('decoder.onnx');
  const key: StateSpec = { input: 'past', output: 'present', dtype: 'float32', shape: [1, 'T'], growingAxis: 1 };
  expect(() => parse(step([key]))).toThrow(/single steps/);
});

test('a form for WebAssembly is kept, and is refused where its files are not listed or its state is another', () => {
  const { decoder } = manifest.graphs;
  const key: StateSpec = { input: 'past', output: 'present', dtype: 'float32', shape: [1, 'T'], growingAxis: 1 };
  const forms = (wasm: object, of: object = {}) => ({
    ...manifest,
    graphs: { ...manifest.graphs, decoder: { ...decoder, wasm }, ...of },
  });
  const other = { ...decoder, file: 'visual.onnx' };
  const parsed = parse(forms(other)).graphs.decoder;
  expect([graphFor(parsed, 'wasm').file, graphFor(parsed, 'cpu').file]).toEqual(['visual.onnx', 'decoder.onnx']);
  expect(graphFor(decoder, 'wasm').file).toBe('decoder.onnx');
  expect(() => parse(forms({ ...decoder, file: 'missing.onnx' }))).toThrow(/missing\.onnx/);
  expect(() => parse(forms({ ...decoder, externalData: ['missing.bin'] }))).toThrow(/missing\.bin/);
  const another = { ...other, signature: { ...signature, state: [key] } };
  expect(() => parse(forms(another, { decoderStep: decoder }))).toThrow(/single steps/);
});

test('how runs follow from each other is kept', () => {
  const successor = { choice: 'ids', feeds: { x: 'next' }, counts: ['length'], length: 'length' };
  const graphs = {
    ...manifest.graphs,
    decoder: { ...manifest.graphs.decoder, signature: { ...signature, successor } },
  };
  expect(parse({ ...manifest, graphs }).graphs.decoder.signature.successor).toEqual(successor);
  const wrong = { ...successor, counts: 'length' };
  const refused = { ...graphs, decoder: { ...graphs.decoder, signature: { ...signature, successor: wrong } } };
  expect(() => parse({ ...manifest, graphs: refused })).toThrow(ModelFileError);
});

test('another version is refused with both versions', () => {
  expect(() => parse({ ...manifest, version: 2 })).toThrow(/version 2; this SDK reads version 1/);
});

test.each([
  ['no JSON', 'x'],
  ['a list', []],
  ['another format', { ...manifest, format: 'other' }],
  ['a missing field', { ...manifest, graphs: undefined }],
  ['a file that is not listed', { ...manifest, files: manifest.files.slice(1) }],
  ['a file listed twice', { ...manifest, files: [...manifest.files, file('visual.onnx', 1)] }],
  ['a table beyond its file', { ...manifest, files: manifest.files.map((entry) => ({ ...entry, bytes: 1 })) }],
  ['a negative size', { ...manifest, files: [file('visual.onnx', -1)] }],
  ['a huge number', { ...manifest, files: [{ ...file('visual.onnx', 1), bytes: 1e300 }] }],
  ['a bad hash', { ...manifest, files: [{ ...file('visual.onnx', 1), sha256: 'xyz' }] }],
])('%s is refused', (_, value) => {
  expect(() => parse(value)).toThrow(ModelFileError);
});

test.each(['../x', '/etc/passwd', 'a/../../x', 'C:x', 'a\\b', '', 'a//b', './a'])(
  'the path %j, which may lead out of the bundle, is refused',
  (path) => {
    const decoder = { ...manifest.graphs.decoder, file: path };
    expect(() => parse({ ...manifest, graphs: { ...manifest.graphs, decoder } })).toThrow(ModelFileError);
  },
);
