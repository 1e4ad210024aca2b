/** Tensors of Ovis2 in the transformers library: what their names match, and what the official names are. */
export const nativeOvis2Names: readonly (readonly [RegExp, string])[] = [
  [/^(?:model\.)?language_model\.(lm_head|model)\./, 'llm.$1.'],
  [/^(?:model\.)?language_model\./, 'llm.model.'],
  [/^lm_head\./, 'llm.lm_head.'],
  [/^(?:model\.)?visual_embeddings_table\./, 'vte.'],
  [/^(?:model\.)?vision_tower\.head_linear\./, 'visual_tokenizer.head.0.'],
  [/^(?:model\.)?vision_tower\.head_norm\./, 'visual_tokenizer.head.1.'],
  ...(
    [
      [/embeddings\.patch_embedding\./, 'preprocessor.patchifier.proj.'],
      [/embeddings\.rms_norm\./, 'preprocessor.patchifier.norm.'],
      [/embeddings\.position_embedding\.weight$/, 'preprocessor.pos_embed'],
      [/encoder\.layers\.(\d+)\.attention\.([qkv])_proj\./, 'trunk.blocks.$1.attn.$2_proj.'],
      [/encoder\.layers\.(\d+)\.attention\.out_proj\./, 'trunk.blocks.$1.attn.proj.'],
      [/encoder\.layers\.(\d+)\.ffn\.gate_proj\./, 'trunk.blocks.$1.mlp.fc1.'],
      [/encoder\.layers\.(\d+)\.ffn\.up_proj\./, 'trunk.blocks.$1.mlp.fc3.'],
      [/encoder\.layers\.(\d+)\.ffn\.down_proj\./, 'trunk.blocks.$1.mlp.fc2.'],
      [/encoder\.layers\.(\d+)\.rms_norm([12])\./, 'trunk.blocks.$1.norm_$2.'],
      [/rms_norm\./, 'trunk.post_trunk_norm.'],
    ] as const
  ).map(
    ([pattern, name]) =>
      [
        new RegExp(`^(?:model\\.)?vision_tower\\.transformer\\.${pattern.source}`),
        `visual_tokenizer.backbone.${name}`,
      ] as const,
  ),
];

/** Official tensors that the library stores as three: rows of `q_proj`, then `k_proj`, then `v_proj`. */
export const nativeOvis2Split = { parts: ['q_proj', 'k_proj', 'v_proj'], whole: 'qkv' } as const;

/** The official name of a tensor; its own where the table does not have it. */
export function officialOvis2Name(name: string): string {
  const row = nativeOvis2Names.find(([pattern]) => pattern.test(name));
  return row === undefined ? name : name.replace(row[0], row[1]);
}
