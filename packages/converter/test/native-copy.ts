import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixtureJson, fixturePath, readSafetensors } from '@ovis/testing';
import { floatTensor, safetensorsBytes, type TestTensor } from './safetensors-bytes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const official = 'ovis2-tiny';

type Json = Readonly<Record<string, unknown>>;

/** How the transformers library saves a model: with `model.` before most names, or in its older way. */
export type NativeStyle = 'new' | 'old';

/** The Ovis2 fixture as the transformers library would save it, after `convert_ovis2_weights_to_hf.py`. */
export async function nativeCopy(style: NativeStyle, change?: (tensors: Record<string, TestTensor>) => void) {
  const folder = await temporaryFolder();
  const skip = /[/\\](cases|images|model\.safetensors|fixture\.json|config\.json|preprocessor_config\.json)$/u;
  await cp(fixturePath(official), folder, { recursive: true, filter: (path) => !skip.test(path) });
  const tensors: Record<string, TestTensor> = {};
  for (const [name, { shape, data }] of readSafetensors(fixturePath(`${official}/model.safetensors`))) {
    const values = Array.from(data, Number);
    const put = (renamed: string, dims: readonly number[], part: readonly number[]) => {
      tensors[saved(renamed, style)] = floatTensor('F32', dims, part);
    };
    const fused = /^(.*)trunk\.blocks\.(\d+)\.attn\.qkv\.weight$/.exec(name);
    if (fused) {
      const third = values.length / 3;
      ['q', 'k', 'v'].forEach((letter, index) => {
        const target = `model.vision_tower.transformer.encoder.layers.${fused[2] ?? ''}.attention.${letter}_proj.weight`;
        put(target, [(shape[0] ?? 0) / 3, shape[1] ?? 0], values.slice(index * third, (index + 1) * third));
      });
    } else if (name.endsWith('pos_embed')) {
      put('model.vision_tower.transformer.embeddings.position_embedding.weight', shape.slice(1), values);
    } else put(nativeName(name), shape, values);
  }
  change?.(tensors);
  await writeFile(join(folder, 'model.safetensors'), safetensorsBytes(tensors));
  await writeFile(join(folder, 'config.json'), JSON.stringify(nativeConfig()));
  await writeFile(join(folder, 'preprocessor_config.json'), JSON.stringify(nativePreprocessor()));
  return folder;
}

const names: readonly (readonly [string, string])[] = [
  ['llm.model.', 'model.language_model.'],
  ['llm.lm_head.', 'lm_head.'],
  ['vte.', 'model.visual_embeddings_table.'],
  ['visual_tokenizer.head.0.', 'model.vision_tower.head_linear.'],
  ['visual_tokenizer.head.1.', 'model.vision_tower.head_norm.'],
  [
    'visual_tokenizer.backbone.preprocessor.patchifier.proj.',
    'model.vision_tower.transformer.embeddings.patch_embedding.',
  ],
  ['visual_tokenizer.backbone.preprocessor.patchifier.norm.', 'model.vision_tower.transformer.embeddings.rms_norm.'],
  ['visual_tokenizer.backbone.trunk.post_trunk_norm.', 'model.vision_tower.transformer.rms_norm.'],
  ['visual_tokenizer.backbone.trunk.blocks.', 'model.vision_tower.transformer.encoder.layers.'],
  ['attn.proj.', 'attention.out_proj.'],
  ['mlp.fc1.', 'ffn.gate_proj.'],
  ['mlp.fc3.', 'ffn.up_proj.'],
  ['mlp.fc2.', 'ffn.down_proj.'],
  ['.norm_1.', '.rms_norm1.'],
  ['.norm_2.', '.rms_norm2.'],
];

function nativeName(name: string): string {
  return names.reduce((text, [from, to]) => text.replace(from, to), name);
}

function saved(name: string, style: NativeStyle): string {
  if (style === 'new') return name;
  return name
    .replace(/^model\.language_model\./, 'language_model.model.')
    .replace(/^lm_head\./, 'language_model.lm_head.')
    .replace(/^model\./, '');
}

function nativeConfig(): Json {
  const config = fixtureJson<{ llm_config: Json; visual_tokenizer_config: Json & { backbone_config: Json } }>(
    `${official}/config.json`,
  );
  const { backbone_config: backbone, ...tokenizer } = config.visual_tokenizer_config;
  const { use_bias: bias, model_type: _type, ...vision } = backbone;
  const { vocab_size, tokenize_function, hidden_stride } = tokenizer;
  return {
    model_type: 'ovis2',
    architectures: ['Ovis2ForConditionalGeneration'],
    image_token_id: 151665,
    visual_indicator_token_ids: [151666, 151667, 151668, 151669, 151670],
    hidden_size: config.llm_config['hidden_size'],
    vocab_size: config.llm_config['vocab_size'],
    tie_word_embeddings: true,
    text_config: config.llm_config,
    vision_config: {
      ...vision,
      model_type: 'ovis2_vision',
      mlp_bias: bias,
      num_visual_indicator_tokens: 5,
      vocab_size,
      tokenize_function,
      hidden_stride,
    },
  };
}

function nativePreprocessor(): Json {
  const { image_mean, image_std } = fixtureJson<Json>(`${official}/preprocessor_config.json`);
  return {
    image_processor_type: 'Ovis2ImageProcessor',
    processor_class: 'Ovis2Processor',
    crop_to_patches: true,
    min_patches: 1,
    max_patches: 12,
    use_covering_area_grid: true,
    do_convert_rgb: true,
    do_resize: true,
    do_rescale: true,
    do_normalize: true,
    resample: 3,
    rescale_factor: 1 / 255,
    size: { height: 448, width: 448 },
    image_mean,
    image_std,
  };
}
