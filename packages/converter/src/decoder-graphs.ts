import { elementCount } from '@ovis/core';
import type { BundleContents } from './bundle/bundle-contents.ts';
import type { CheckpointConfig } from './checkpoint/checkpoint-config.ts';
import type { ResolvedConvertOptions } from './convert-options.ts';
import type { BuiltGraph } from './graph/built-graph.ts';
import { buildDecoderGraph } from './graphs/decoder.ts';
import { createLowering, type Lowering } from './lowering/lowering.ts';
import { expressionShape } from './weights/weight-expression.ts';

/** Parameters of a decoder up to which int8 is stored beside int4: 2 GB, which few machines lack. */
const LARGEST_WITH_INT8_PREFILL = 2e9;

/** One graph for all, or one that reads prompts in int8 and one for single positions. */
export function decoderGraphs(
  config: CheckpointConfig,
  lowering: Lowering,
  { device, dtypes, keyValues, prefill }: ResolvedConvertOptions,
): Pick<BundleContents, 'decoder' | 'decoderStep'> {
  if (prefill !== 'same') {
    const wider = createLowering(device, { ...dtypes, decoder: 'int8' }, { keyValues });
    const decoder = buildDecoderGraph(config, wider);
    if (prefill === 'int8' || layerParameters(decoder) <= LARGEST_WITH_INT8_PREFILL) {
      return { decoder, decoderStep: buildDecoderGraph(config, lowering, 'steps') };
    }
  }
  return { decoder: buildDecoderGraph(config, lowering), decoderStep: null };
}

/** Without the output head; the same however they are stored. */
function layerParameters({ weights }: BuiltGraph): number {
  return weights
    .filter(({ part }) => part === 'decoder')
    .reduce((sum, { expression }) => sum + elementCount(expressionShape(expression)), 0);
}
