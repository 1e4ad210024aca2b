import { fixtureJson, fixturePath, readSafetensors } from '@ovis/testing';
import { addedTokensOf } from '../src/checkpoint/added-tokens.ts';
import type { JsonObject } from '../src/checkpoint/checkpoint-folder.ts';
import type { CheckpointFiles } from '../src/checkpoint/read-checkpoint-config.ts';
import { changed } from './changed.ts';

/** The small files of a fixture, parsed. */
export function checkpointFiles(model: string): CheckpointFiles {
  const json = (name: string) => fixtureJson<JsonObject>(`${model}/${name}`);
  const tensors = readSafetensors(fixturePath(`${model}/model.safetensors`));
  return {
    name: model,
    config: json('config.json'),
    preprocessor: json('preprocessor_config.json'),
    generation: json('generation_config.json'),
    addedTokens: addedTokensOf(json('tokenizer.json')),
    shapeOf: (name) => tensors.get(name)?.shape,
  };
}

/** With another value at one place of `config.json`; undefined removes it. */
export function withConfig(files: CheckpointFiles, path: string, value: unknown): CheckpointFiles {
  return { ...files, config: changed(files.config, path, value) };
}

/** With shapes of some tensors replaced. */
export function withShapes(
  files: CheckpointFiles,
  shapes: Readonly<Record<string, readonly number[]>>,
): CheckpointFiles {
  return { ...files, shapeOf: (name) => shapes[name] ?? files.shapeOf(name) };
}
