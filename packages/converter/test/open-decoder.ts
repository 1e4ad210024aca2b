import type { LanguageModelConfig } from '../src/checkpoint/language-model-config.ts';
import type { BuiltGraph } from '../src/graph/built-graph.ts';
import { buildDecoderGraph } from '../src/graphs/decoder.ts';
import type { Lowering } from '../src/lowering/lowering.ts';
import type { OpenDecoder } from './decoder-runner.ts';
import type { Tensors } from './evaluate-weight.ts';
import { openGraph } from './open-graph.ts';

/** The decoder graph of a language model, loaded; `rounding` as for {@link openGraph}. */
export async function openDecoder(
  language: LanguageModelConfig,
  lowering: Lowering,
  weights: Tensors,
  rounding?: BuiltGraph,
): Promise<OpenDecoder> {
  const graph = buildDecoderGraph({ language }, lowering);
  return { session: await openGraph(graph, weights, rounding), signature: graph.signature };
}
