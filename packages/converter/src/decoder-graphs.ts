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

/** One graph for all, or one that reads prompts in int8 and one for single positions; each perhaps in a form per runtime. */
export function decoderGraphs(
  config: CheckpointConfig,
  lowering: Lowering,
  { device, dtypes, keyValues, prefill }: ResolvedConvertOptions,
): Pick<BundleContents, 'decoder' | 'decoderStep' | 'wasm'> {
  const { formPerRuntime } = lowering.capabilities;
  const forms = (of: Lowering, positions: 'any' | 'steps', successor: boolean) => ({
    graph: buildDecoderGraph(config, of, { positions, successor: formPerRuntime && successor }),
    wasm: formPerRuntime ? buildDecoderGraph(config, of, { positions, runtime: 'wasm' }) : null,
  });
  if (prefill !== 'same') {
    const wider = createLowering(device, { ...dtypes, decoder: 'int8' }, { keyValues });
    const whole = forms(wider, 'any', false);
    if (prefill === 'int8' || layerParameters(whole.graph) <= LARGEST_WITH_INT8_PREFILL) {
      const step = forms(lowering, 'steps', true);
      const wasm = { decoder: whole.wasm, decoderStep: step.wasm };
      return { decoder: whole.graph, decoderStep: step.graph, wasm };
    }
  }
  const { graph, wasm } = forms(lowering, 'any', true);
  return { decoder: graph, decoderStep: null, wasm: { decoder: wasm, decoderStep: null } };
}

/** Without the output head; the same however they are stored. */
function layerParameters({ weights }: BuiltGraph): number {
  return weights
    .filter(({ part }) => part === 'decoder')
    .reduce((sum, { expression }) => sum + elementCount(expressionShape(expression)), 0);
}
