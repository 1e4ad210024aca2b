import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError, WeightMismatchError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { changedJson } from '../../test/changed-json.ts';
import { quantisedCopy, type QuantisedCopyOptions } from '../../test/quantised-copy.ts';
import { floatTensor, type TestTensor } from '../../test/safetensors-bytes.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';

const gptq: QuantisedCopyOptions = { packing: 'gptq', bits: 4, groupSize: 32, symmetric: true };
const linear = 'llm.model.layers.1.mlp.up_proj';

const open = async (changes: Partial<QuantisedCopyOptions>) => {
  const { folder } = await quantisedCopy({ ...gptq, ...changes });
  await using checkpoint = await openCheckpoint(folder);
  return checkpoint.config.generation;
};

const int32 = (shape: readonly number[], values: readonly number[]): TestTensor => ({
  dtype: 'I32',
  shape,
  data: new Uint8Array(Int32Array.from(values).buffer),
});

test('a checkpoint that fits is opened', async () => {
  expect(await open({})).toBe('2');
});

describe('settings are refused with a way out', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['bitsandbytes', { quant_method: 'bitsandbytes' }, /"quant_method" is "bitsandbytes".*gptq or awq.*unquantised/],
    ['fp8', { quant_method: 'fp8' }, /"quant_method" is "fp8"/],
    ['2 bits', { bits: 2 }, /"bits" is 2; .*4 or 8.*unquantised/],
    ['3 bits', { bits: 3 }, /"bits" is 3/],
    ['8 bits of AWQ', { quant_method: 'awq', bits: 8 }, /"bits" is 8; .*4 for AWQ/],
    ['a layout of AWQ', { quant_method: 'awq', version: 'gemv', checkpoint_format: null }, /"version" is "gemv".*gemm/],
    ['a format of GPTQ', { checkpoint_format: 'marlin' }, /"checkpoint_format" is "marlin".*gptq_v2/],
    ['words of another size', { pack_dtype: 'int16' }, /"pack_dtype" is "int16".*int32/],
    ['groups of nothing', { group_size: 0 }, /"group_size" is 0/],
    ['groups that are no number', { group_size: 'all' }, /"group_size"/],
  ])('%s', async (_, config, message) => {
    const opening = open({ config });
    await expect(opening).rejects.toThrow(ModelFileError);
    await expect(opening).rejects.toThrow(message);
  });

  test('that are no object', async () => {
    const { folder } = await quantisedCopy(gptq);
    await changedJson(join(folder, 'config.json'), { quantization_config: 'int4' });
    await expect(openCheckpoint(folder)).rejects.toThrow(ModelFileError);
  });
});

describe('tensors are refused by name', () => {
  test.each<[string, Partial<QuantisedCopyOptions>, RegExp]>([
    [
      'groups that do not divide the inputs',
      { config: { group_size: 48 } },
      /has 64 inputs, which groups of 48 do not/,
    ],
    [
      'groups of another size than the config says',
      { config: { group_size: 16 } },
      /up_proj\.qzeros has shape \[2, 12\]; its packed layer needs \[4, 12\]/,
    ],
    ['codes of other bits', { config: { bits: 8 } }, /qzeros has shape/],
    ['no zero points', { change: (tensors) => delete tensors[`${linear}.qzeros`] }, /up_proj\.qzeros is missing/],
    ['no scales', { change: (tensors) => delete tensors[`${linear}.scales`] }, /up_proj\.scales is missing/],
    ['no groups', { change: (tensors) => delete tensors[`${linear}.g_idx`] }, /up_proj\.g_idx is missing.*\[64\]/],
    [
      'codes that are floats',
      { change: (tensors) => (tensors[`${linear}.qweight`] = floatTensor('F32', [8, 96], zeros(768))) },
      /up_proj\.qweight has type F32; its packed layer needs I32/,
    ],
    [
      'scales that are integers',
      { change: (tensors) => (tensors[`${linear}.scales`] = int32([2, 96], zeros(192))) },
      /up_proj\.scales has type I32; its packed layer needs one of F32/,
    ],
    [
      'scales of another shape',
      { change: (tensors) => (tensors[`${linear}.scales`] = floatTensor('F16', [96, 2], zeros(192))) },
      /up_proj\.scales has shape \[96, 2\]/,
    ],
    [
      'codes that are no matrix',
      { change: (tensors) => (tensors[`${linear}.qweight`] = int32([768], zeros(768))) },
      /up_proj\.qweight is no matrix/,
    ],
    [
      'a group that does not exist',
      { change: (tensors) => (tensors[`${linear}.g_idx`] = int32([64], zeros(64).fill(2, 63))) },
      /up_proj\.g_idx names group 2; there are 2/,
    ],
    [
      'a negative group',
      { change: (tensors) => (tensors[`${linear}.g_idx`] = int32([64], zeros(64).fill(-1, 63))) },
      /up_proj\.g_idx names group -1/,
    ],
    [
      'a layer that is there twice',
      { change: (tensors) => (tensors[`${linear}.weight`] = floatTensor('F32', [96, 64], zeros(6144))) },
      /up_proj\.weight is there beside its packed form/,
    ],
    [
      'an AWQ layer without zero points',
      { packing: 'awq', change: (tensors) => delete tensors[`${linear}.qzeros`] },
      /up_proj\.qzeros is missing/,
    ],
  ])('%s', async (_, changes, message) => {
    const opening = open(changes);
    await expect(opening).rejects.toThrow(WeightMismatchError);
    await expect(opening).rejects.toThrow(message);
  });
});

test('packed tensors without settings are refused', async () => {
  const { folder } = await quantisedCopy(gptq);
  await changedJson(join(folder, 'config.json'), { quantization_config: null });
  await expect(openCheckpoint(folder)).rejects.toThrow(/packed \(quantised\) tensors such as .*quantize_config\.json/);
});

test('settings may lie in a file of their own', async () => {
  const { folder, weights } = await quantisedCopy(gptq);
  await changedJson(join(folder, 'config.json'), { quantization_config: null });
  await changedJson(join(folder, 'quantize_config.json'), { bits: 4, group_size: 32, desc_act: false, sym: true });
  await using checkpoint = await openCheckpoint(folder);
  expect(checkpoint.quantised?.tensors.linears.size).toBe(weights.size);
  await rm(join(folder, 'quantize_config.json'));
  await changedJson(join(folder, 'quant_config.json'), {
    zero_point: true,
    q_group_size: 32,
    w_bit: 4,
    version: 'GEMM',
  });
  await expect(openCheckpoint(folder)).rejects.toThrow(/qweight has 12 inputs/); // read as AWQ, which it is not
});

test('settings without packed tensors are refused', async () => {
  const opening = open({
    change: (tensors) => {
      for (const name of Object.keys(tensors)) if (/\.(qweight|qzeros|scales|g_idx)$/.test(name)) delete tensors[name];
    },
  });
  await expect(opening).rejects.toThrow(/none of its tensors is packed/);
});

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}
