import * as v from 'valibot';
import { checkJson, LARGEST_HEADS, size } from './check-json.ts';
import type { JsonObject } from './checkpoint-folder.ts';
import type { LinearAttentionConfig } from './language-model-config.ts';
import { unsupported } from './unsupported.ts';

const schema = v.looseObject({
  linear_num_key_heads: size(LARGEST_HEADS, 1),
  linear_num_value_heads: size(LARGEST_HEADS, 1),
  linear_key_head_dim: size(1024, 1),
  linear_value_head_dim: size(1024, 1),
  linear_conv_kernel_dim: size(64, 1),
});

/** Sizes of the gated delta nets of Qwen3-Next. */
export function parseLinearAttention(json: JsonObject, file: string): LinearAttentionConfig {
  const config = checkJson(schema, json, file);
  const { linear_num_key_heads: keyHeads, linear_num_value_heads: valueHeads } = config;
  if (valueHeads % keyHeads !== 0) {
    unsupported(file, 'linear_num_value_heads', valueHeads, `a multiple of the ${keyHeads} key heads`);
  }
  if (config.linear_conv_kernel_dim < 2) {
    unsupported(
      file,
      'linear_conv_kernel_dim',
      config.linear_conv_kernel_dim,
      'a convolution over 2 positions or more',
    );
  }
  return {
    keyHeads,
    valueHeads,
    keyHeadSize: config.linear_key_head_dim,
    valueHeadSize: config.linear_value_head_dim,
    kernelSize: config.linear_conv_kernel_dim,
  };
}
