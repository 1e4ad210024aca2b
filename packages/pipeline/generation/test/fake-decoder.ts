import {
  decoderContract,
  decoderStepContract,
  float32Tensor,
  type GraphSignature,
  type ModelDescription,
  type NamedTensors,
  type Tensor,
} from '@ovis/core';
import { openFakeBackend, type FakeBackend, type FakeGraph, type FakeMemory } from '@ovis/testing';
import { Decoder } from '../src/decoder.ts';

/** Sizes of the fake language model. */
const VOCABULARY = 100;
export const CONTEXT = 40;

export type FakeDecoderOptions = {
  /** Logits of the whole vocabulary after the given rows (one number each). */
  readonly logitsAfter: (rows: readonly number[]) => ArrayLike<number>;
  readonly candidates?: number;
  readonly vocabularySize?: number;
  readonly contextLength?: number;
  /** States of fixed size, which cannot be read again. */
  readonly recurrent?: boolean;
  /** Whether there is a second graph for single steps. */
  readonly step?: boolean;
  /** Whether runs follow from each other. */
  readonly follows?: boolean;
  /** Whether that graph vouches for its candidates after so many positions. Default: always. */
  readonly stepVouches?: (total: number) => boolean;
};

/** What a run of the graph was asked for. */
export type FakeRun = { readonly positions: number; readonly total: number; readonly graph: 'decoder' | 'step' };

/** A decoder over a fake backend: embeddings are `[S, 1]`, the embedding of a token is its id. */
export async function openFakeDecoder(options: FakeDecoderOptions): Promise<{
  decoder: Decoder;
  backend: FakeBackend;
  runs: FakeRun[];
}> {
  const {
    vocabularySize = VOCABULARY,
    candidates = 64,
    contextLength = CONTEXT,
    recurrent = false,
    step = false,
    follows = false,
    stepVouches = () => true,
  } = options;
  const runs: FakeRun[] = [];
  const signature: GraphSignature = {
    ...decoderContract,
    state: [
      {
        input: 'past',
        output: 'present',
        dtype: 'float32',
        shape: recurrent ? [1] : ['T'],
        growingAxis: recurrent ? null : 0,
      },
    ],
  };
  const stepSignature = { ...signature, ...decoderStepContract };
  /** What the graph that reads single positions has besides. */
  const following = follows
    ? {
        successor: {
          choice: 'top_ids',
          feeds: { inputs_embeds: 'next_embeds' },
          counts: ['last_position', 'total_length'],
          length: 'total_length',
        },
      }
    : {};
  const withNext = ({ outputs: given, ...rest }: GraphSignature): GraphSignature => ({
    ...rest,
    outputs: follows ? { ...given, next_embeds: { dtype: 'float32', shape: [1, 'M', 1] } } : given,
    ...following,
  });
  const signatures = {
    decoder: step ? signature : withNext(signature),
    step: withNext(stepSignature),
  };
  const graphOf = (name: FakeRun['graph']): FakeGraph => ({
    source: `${name}.onnx`,
    signature: signatures[name],
    run: (inputs, memory) => {
      const rows = read(inputs, memory, recurrent);
      runs.push({ positions: floats(inputs['inputs_embeds']).length, total: rows.length, graph: name });
      const start = rows.length - floats(inputs['inputs_embeds']).length;
      const logits = integers(inputs['logit_positions']).map((position) =>
        Float32Array.from(options.logitsAfter(rows.slice(0, start + position + 1))),
      );
      const all = outputs(logits, Math.min(candidates, vocabularySize));
      const { top_ids: ids, top_logits: scores } = all;
      if (!ids || !scores) throw new Error('The fake decoder gives candidates.');
      const likeliest = Float32Array.from({ length: logits.length }, (_, row) => Number(ids.data[row * candidates]));
      const next = { next_embeds: float32Tensor(likeliest, [1, logits.length, 1]) };
      if (name === 'decoder') return { ...all, ...next };
      return { top_ids: stepVouches(rows.length) ? ids : unsure(ids), top_logits: scores, ...next };
    },
  });
  const backend = openFakeBackend([graphOf('decoder'), graphOf('step')]);
  const decoder = await Decoder.open({
    backend,
    graph: { kind: 'path', path: 'decoder.onnx' },
    description: { file: 'decoder.onnx', externalData: [], signature: signatures.decoder },
    step: step
      ? {
          graph: { kind: 'path', path: 'step.onnx' },
          description: { file: 'step.onnx', externalData: [], signature: signatures.step },
        }
      : null,
    embed: (ids) => Promise.resolve(Float32Array.from(ids)),
    model: fakeModel(vocabularySize, contextLength),
  });
  return { decoder, backend, runs };
}

/** A prompt of these rows. */
export function promptOf(rows: readonly number[]) {
  return { data: Float32Array.from(rows), length: rows.length, hiddenSize: 1 };
}

/** Logits that make `id` the clear winner. */
export function winner(id: number, vocabularySize = VOCABULARY): Float32Array {
  return Float32Array.from({ length: vocabularySize }, (_, index) => (index === id ? 5 : -(index % 7)));
}

/** What a graph gives that does not know the first candidate. */
function unsure({ dims, data }: Tensor): Tensor {
  return { dtype: 'int64', dims, data: new BigInt64Array(data.length).fill(-1n) };
}

function read(inputs: NamedTensors, memory: FakeMemory | null, recurrent: boolean): number[] {
  const added = floats(inputs['inputs_embeds']);
  const total = Number(inputs['total_length']?.data[0]);
  if (memory === null || total > memory.capacity) throw new Error(`${total} positions do not fit.`);
  if (Number(inputs['last_position']?.data[0]) !== total - 1)
    throw new Error('last_position is not the last position.');
  const known = memory.values.get('rows');
  const before = Array.isArray(known) ? known.map(Number) : [];
  if (total - added.length > before.length || (recurrent && total - added.length !== before.length)) {
    throw new Error(`Position ${total - added.length} does not follow ${before.length} positions.`);
  }
  const rows = [...before.slice(0, total - added.length), ...added];
  memory.values.set('rows', rows);
  return rows;
}

function outputs(logits: readonly Float32Array[], candidates: number): NamedTensors {
  const order = logits.map((row) =>
    [...row.keys()]
      .toSorted((left, right) => (row[right] ?? 0) - (row[left] ?? 0) || left - right)
      .slice(0, candidates),
  );
  const top = order.flatMap((ids, index) => ids.map((id) => logits[index]?.[id] ?? 0));
  return {
    logits: float32Tensor(Float32Array.from(logits.flatMap((row) => Array.from(row))), [
      logits.length,
      logits[0]?.length ?? 0,
    ]),
    top_logits: float32Tensor(Float32Array.from(top), [logits.length, candidates]),
    top_ids: { dtype: 'int64', dims: [logits.length, candidates], data: BigInt64Array.from(order.flat(), BigInt) },
  };
}

function floats(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('Expected floats.');
  return tensor.data;
}

function integers(tensor: Tensor | undefined): number[] {
  if (!(tensor?.data instanceof BigInt64Array)) throw new Error('Expected integers.');
  return Array.from(tensor.data, Number);
}

function fakeModel(vocabularySize: number, contextLength: number): ModelDescription {
  return {
    generation: '2.5',
    name: 'fake',
    language: {
      architecture: 'fake',
      hiddenSize: 1,
      layers: 1,
      heads: 1,
      keyValueHeads: 1,
      headSize: 1,
      vocabularySize,
      contextLength,
    },
    vision: {
      architecture: 'none',
      hiddenSize: 1,
      layers: 1,
      heads: 1,
      patchSize: 1,
      mergeStride: 1,
      visualVocabularySize: 1,
      indicators: 4,
    },
    preprocessing: {
      kind: 'native',
      filter: 'bilinear',
      rescale: 1 / 255,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      minPixels: 1,
      maxPixels: 1,
      temporalPatchSize: 1,
      positionGrid: null,
      rotaryHeadSize: null,
    },
    promptFormat: 'qwen3',
    stopTokens: [0],
    thinkEndToken: null,
  };
}
