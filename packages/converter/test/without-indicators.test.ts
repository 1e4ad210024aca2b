import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { convertCheckpoint } from '../src/index.ts';
import { changed } from './changed.ts';
import { checkpointCopy, type TinyTensors } from './checkpoint-copy.ts';
import { temporaryFolder } from './temporary-folder.ts';

const TABLE = 'vte.weight';

/** Takes the last two rows away, which are the indicators. */
function cutIndicators(tensors: TinyTensors): void {
  const { shape: [rows = 0, width = 0] = [], data = new Float32Array() } = tensors.get(TABLE) ?? {};
  tensors.set(TABLE, { shape: [rows - 2, width], data: data.slice(0, (rows - 2) * width) });
}

test('a model of one view may be converted without indicators', async () => {
  const checkpoint = await checkpointCopy('ovis1.0-tiny', { change: cutIndicators });
  const file = join(checkpoint, 'config.json');
  const config: unknown = JSON.parse(await readFile(file, 'utf8'));
  const silent = changed(config, 'visual_tokenizer_config.use_indicators', false);
  await writeFile(file, JSON.stringify(changed(silent, 'visual_tokenizer_config.vocab_size', 198)));
  const manifest = await convertCheckpoint(checkpoint, join(await temporaryFolder(), 'bundle'), { dtype: 'f32' });
  expect(manifest.model.vision).toMatchObject({ visualVocabularySize: 198, indicators: 0 });
  expect(manifest.tables.visualIndicators).toMatchObject({ rows: 1, columns: 64 });
  expect(manifest.parameters.visualTable).toBe(198 * 64);
  expect(manifest.warnings).toEqual([]);
});
