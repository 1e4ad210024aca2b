import { describe, expect, test } from 'vitest';
import { checkpointFiles, withConfig } from '../../test/checkpoint-files.ts';
import { readCheckpointConfig } from './read-checkpoint-config.ts';
import { settleLanguageSizes } from './settle-language-sizes.ts';

const ovis2 = checkpointFiles('ovis2-tiny');
const ovis25 = checkpointFiles('ovis2.5-tiny');

describe('a config that contradicts its tensors is corrected, with a warning', () => {
  test.each([
    [ovis2, 'llm_config.vocab_size', 700, 'vocabularySize'],
    [ovis2, 'llm_config.hidden_size', 128, 'hiddenSize'],
    [ovis2, 'llm_config.intermediate_size', 128, 'feedForwardSize'],
    [ovis25, 'llm_config.head_dim', 16, 'headSize'],
    [ovis25, 'llm_config.num_attention_heads', 8, 'heads'],
    [ovis25, 'llm_config.num_key_value_heads', 4, 'keyValueHeads'],
  ] as const)('%#: %s', (files, path, wrong, size) => {
    const right = readCheckpointConfig(files);
    const settled = readCheckpointConfig(withConfig(files, path, wrong));
    expect(settled.language).toEqual(right.language);
    expect(settled.language[size]).not.toBe(wrong);
    const warning = expect.stringMatching(
      new RegExp(`${path.split('.').at(-1)}" ${wrong}, but the tensors have`),
    ) as unknown;
    expect(settled.warnings).toEqual([warning, ...right.warnings]);
  });

  test('the width of the whole model, which nothing else needs', () => {
    const { warnings } = readCheckpointConfig(withConfig(ovis2, 'hidden_size', 128));
    expect(warnings).toContainEqual(expect.stringContaining('"hidden_size" 128, but the language model has 64'));
  });

  test('use_indicators, as in the published Ovis2-4B', () => {
    const { warnings, vision } = readCheckpointConfig(
      withConfig(ovis2, 'visual_tokenizer_config.use_indicators', false),
    );
    expect(vision.indicators).toBe(5);
    expect(warnings).toContainEqual(expect.stringContaining('the table has 5 indicator rows'));
  });
});

test('a right config stays as it is', () => {
  const config = ovis2.config['llm_config'];
  expect(settleLanguageSizes(config, ovis2.shapeOf)).toEqual({ json: config, warnings: [] });
});

test('what is no size is left for the schema to refuse', () => {
  expect(settleLanguageSizes({ vocab_size: -1 }, ovis2.shapeOf)).toEqual({ json: { vocab_size: -1 }, warnings: [] });
  expect(settleLanguageSizes(null, ovis2.shapeOf)).toEqual({ json: null, warnings: [] });
});
