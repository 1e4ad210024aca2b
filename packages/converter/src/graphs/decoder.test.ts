import { fromBinary } from '@bufbuild/protobuf';
import { decoderContract, ModelFileError } from '@ovis/core';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import { expectedTensors } from '../../test/expected-tensors.ts';
import { all } from '../../test/one-dtype.ts';
import { ovis25Tiny, ovis2Tiny } from '../../test/tiny-configs.ts';
import type { ModelConfig } from '../checkpoint/checkpoint-config.ts';
import type { TargetDevice } from '../lowering/capabilities.ts';
import { createLowering } from '../lowering/lowering.ts';
import { buildDecoderGraph } from './decoder.ts';

function build(config: ModelConfig = ovis2Tiny, device: TargetDevice = 'cpu') {
  return buildDecoderGraph(config, createLowering(device, all('f32')));
}

const nowhere = () => ({ file: 'weights', offset: 0, length: 0 });
const outputsOf = (device: TargetDevice) =>
  fromBinary(ModelProtoSchema, build(ovis2Tiny, device).serialise(nowhere)).graph?.output.map(({ name }) => name) ?? [];

describe('the decoder graph', () => {
  test('has the inputs and outputs of the contract, with the sizes of the model', () => {
    const { signature } = build();
    expect(Object.keys(signature.inputs)).toEqual(Object.keys(decoderContract.inputs));
    expect(Object.keys(signature.outputs)).toEqual(Object.keys(decoderContract.outputs));
    expect(signature.inputs['inputs_embeds']?.shape).toEqual([1, 'S', 64]);
    expect(signature.outputs['logits']?.shape).toEqual(['M', 608]);
    expect(signature.outputs['top_ids']?.shape).toEqual(['M', 64]);
  });

  test('keeps a key and a value per layer, with zeros up to what the operator takes', () => {
    const { state } = build().signature;
    expect(state).toHaveLength(6);
    expect(state[1]).toEqual({
      input: 'past.0.value',
      output: 'present.0.value',
      dtype: 'float32',
      shape: [1, 2, 'capacity', 16],
      growingAxis: 2,
    });
    const odd = { ...ovis2Tiny, language: { ...ovis2Tiny.language, headSize: 20, rotarySize: 20 } };
    expect(build(odd).signature.state[0]?.shape).toEqual([1, 2, 'capacity', 24]);
  });

  test('gives what a run appends to them for WebAssembly, where that is another form', () => {
    const form = (device: TargetDevice) =>
      buildDecoderGraph(ovis2Tiny, createLowering(device, all('f32')), { runtime: 'wasm' });
    expect(form('cpu').signature.state[1]).toEqual({
      ...build().signature.state[1],
      appended: { output: 'appended.0.value', length: 'total_length' },
    });
    expect(form('cpu').weights).toEqual(build().weights);
    expect(form('webgpu').signature).toEqual(build(ovis2Tiny, 'webgpu').signature);
  });

  test('tells how a run follows from another, where states can be wound back', () => {
    const lowering = createLowering('cpu', all('int8'));
    const { signature, weights } = buildDecoderGraph(ovis2Tiny, lowering, { successor: true });
    expect(signature.outputs['next_embeds']).toEqual({ dtype: 'float32', shape: [1, 'M', 64] });
    expect(signature.successor).toEqual({
      choice: 'top_ids',
      feeds: { inputs_embeds: 'next_embeds' },
      counts: ['last_position', 'total_length'],
      length: 'total_length',
    });
    expect(weights.filter(({ part }) => part === 'textTable')).toHaveLength(1);
    expect(build().signature.successor).toBeUndefined();
  });

  test('keeps them in 8 bits with a scale per row, where that is asked', () => {
    const lowering = createLowering('cpu', all('f32'), { keyValues: 'int8' });
    const { state } = buildDecoderGraph(ovis2Tiny, lowering).signature;
    expect(state.slice(0, 4).map(({ input, dtype, shape }) => [input, dtype, shape])).toEqual([
      ['past.0.key', 'int8', [1, 2, 'capacity', 16]],
      ['past.0.key_scale', 'float32', [1, 2, 'capacity', 1]],
      ['past.0.value', 'int8', [1, 2, 'capacity', 16]],
      ['past.0.value_scale', 'float32', [1, 2, 'capacity', 1]],
    ]);
    expect(state).toHaveLength(12);
    expect(state.every(({ growingAxis }) => growingAxis === 2)).toBe(true);
  });

  test('gives the list that ends an in-place run first, on a CPU only', () => {
    expect(outputsOf('cpu')[0]).toBe('sequence_marker');
    expect(outputsOf('webgpu')).not.toContain('sequence_marker');
  });

  test('offers no more candidates than there are tokens', () => {
    const small = { ...ovis2Tiny, language: { ...ovis2Tiny.language, vocabularySize: 40 } };
    expect(build(small).signature.outputs['top_logits']?.shape).toEqual(['M', 40]);
  });

  test('reads the embedding as head where the config ties them, else a head of its own', () => {
    expect(expectedTensors(build()).get('llm.model.embed_tokens.weight')).toEqual([608, 64]);
    expect(expectedTensors(build()).has('llm.lm_head.weight')).toBe(false);
    const untied = { ...ovis25Tiny, language: { ...ovis25Tiny.language, tiedEmbeddings: false } };
    expect(expectedTensors(build(untied)).get('llm.lm_head.weight')).toEqual([624, 64]);
    expect(expectedTensors(build(untied)).has('llm.model.embed_tokens.weight')).toBe(false);
  });

  test('leaves the floats of a tied head as the text table has them', () => {
    const head = build().weights.find(({ part }) => part === 'lmHead');
    expect(head?.storage).toEqual({ kind: 'f32', transposed: false });
  });

  test('is not made for language models that nobody taught it', () => {
    const unknown = { ...ovis2Tiny, language: { ...ovis2Tiny.language, modelType: 'gpt2' } };
    expect(() => build(unknown)).toThrow(ModelFileError);
    expect(() => build(unknown)).toThrow(/"gpt2"; this version converts qwen2, qwen3, llama/);
  });
});
