// Published sizes of the Ovis2 family, for checkpoints with random weights.

/** AIMv2 large and Qwen2.5: the parts of Ovis2-1B and Ovis2-2B. */
const aimv2Large = { hidden: 1024, layers: 24, heads: 8, feedForward: 2816, patch: 14, side: 448 };

export const modelShapes = {
  'Ovis2-1B': {
    vision: aimv2Large,
    language: { hidden: 896, layers: 24, heads: 14, keyValueHeads: 2, headSize: 64, feedForward: 4864 },
  },
  'Ovis2-2B': {
    vision: aimv2Large,
    language: { hidden: 1536, layers: 28, heads: 12, keyValueHeads: 2, headSize: 128, feedForward: 8960 },
  },
  // Made up: small enough for software that stands in for a graphics adapter, with a cache as large as that of Ovis2-1B.
  small: {
    vision: { hidden: 64, layers: 1, heads: 1, feedForward: 128, patch: 14, side: 56 },
    language: { hidden: 256, layers: 12, heads: 4, keyValueHeads: 4, headSize: 64, feedForward: 704 },
  },
};

export const vocabularySize = 151_936;
export const visualVocabularySize = 65_536; // indicator rows included
export const indicators = 5;
export const mergeStride = 2;

/** Name and shape of every tensor of such a checkpoint, in the official layout. */
export function tensorShapes({ vision, language }) {
  return [
    ...visionTensors(vision),
    ...languageTensors(language),
    ['vte.weight', [visualVocabularySize, language.hidden]],
  ];
}

function visionTensors({ hidden, layers, feedForward, patch, side }) {
  const backbone = 'visual_tokenizer.backbone';
  const patches = (side / patch) ** 2;
  const words = visualVocabularySize - indicators;
  const blocks = Array.from({ length: layers }, (_, layer) => {
    const block = `${backbone}.trunk.blocks.${layer}`;
    return [
      [`${block}.norm_1.weight`, [hidden]],
      [`${block}.attn.qkv.weight`, [3 * hidden, hidden]],
      [`${block}.attn.proj.weight`, [hidden, hidden]],
      [`${block}.norm_2.weight`, [hidden]],
      [`${block}.mlp.fc1.weight`, [feedForward, hidden]],
      [`${block}.mlp.fc2.weight`, [hidden, feedForward]],
      [`${block}.mlp.fc3.weight`, [feedForward, hidden]],
    ];
  });
  return [
    [`${backbone}.preprocessor.patchifier.proj.weight`, [hidden, 3, patch, patch]],
    [`${backbone}.preprocessor.patchifier.proj.bias`, [hidden]],
    [`${backbone}.preprocessor.patchifier.norm.weight`, [hidden]],
    [`${backbone}.preprocessor.pos_embed`, [1, patches, hidden]],
    ...blocks.flat(),
    [`${backbone}.trunk.post_trunk_norm.weight`, [hidden]],
    ['visual_tokenizer.head.0.weight', [words, hidden * mergeStride ** 2]],
    ['visual_tokenizer.head.1.weight', [words]],
    ['visual_tokenizer.head.1.bias', [words]],
  ];
}

function languageTensors({ hidden, layers, heads, keyValueHeads, headSize, feedForward }) {
  const [query, keyValue] = [heads * headSize, keyValueHeads * headSize];
  const blocks = Array.from({ length: layers }, (_, layer) => {
    const block = `llm.model.layers.${layer}`;
    return [
      [`${block}.input_layernorm.weight`, [hidden]],
      [`${block}.self_attn.q_proj.weight`, [query, hidden]],
      [`${block}.self_attn.q_proj.bias`, [query]],
      [`${block}.self_attn.k_proj.weight`, [keyValue, hidden]],
      [`${block}.self_attn.k_proj.bias`, [keyValue]],
      [`${block}.self_attn.v_proj.weight`, [keyValue, hidden]],
      [`${block}.self_attn.v_proj.bias`, [keyValue]],
      [`${block}.self_attn.o_proj.weight`, [hidden, query]],
      [`${block}.post_attention_layernorm.weight`, [hidden]],
      [`${block}.mlp.gate_proj.weight`, [feedForward, hidden]],
      [`${block}.mlp.up_proj.weight`, [feedForward, hidden]],
      [`${block}.mlp.down_proj.weight`, [hidden, feedForward]],
    ];
  });
  // The released 1B and 2B store the tied head as well.
  return [
    ['llm.model.embed_tokens.weight', [vocabularySize, hidden]],
    ...blocks.flat(),
    ['llm.model.norm.weight', [hidden]],
    ['llm.lm_head.weight', [vocabularySize, hidden]],
  ];
}
