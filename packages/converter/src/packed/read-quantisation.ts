import type { CheckpointFolder, JsonObject } from '../checkpoint/checkpoint-folder.ts';
import { parseQuantisation, type Quantisation } from './quantisation.ts';

/** Files that tools wrote beside `config.json` before it had a place for the settings. */
const ownFiles = ['quantize_config.json', 'quant_config.json'] as const;

/**
 * The quantisation settings of a checkpoint: `quantization_config` of its config, or a file of their own. Null for a
 * plain checkpoint.
 *
 * @throws ModelFileError when they are malformed, or of a kind that cannot be imported.
 */
export async function readQuantisation(folder: CheckpointFolder, config: JsonObject): Promise<Quantisation | null> {
  const inside = config['quantization_config'];
  if (inside !== undefined && inside !== null) return parseQuantisation(inside, 'config.json, "quantization_config"');
  for (const file of ownFiles) {
    const json = await folder.readJson(file);
    if (json !== null) return parseQuantisation(json, file);
  }
  return null;
}
