import {
  BUNDLE_VERSION,
  graphFor,
  MANIFEST_FILE,
  ModelFileError,
  sameStates,
  type BundleManifest,
  type TableDescription,
} from '@ovis/core';
import * as v from 'valibot';
import { manifestSchema } from './manifest-schema.ts';

/** Larger manifests are refused; the 80-billion-parameter model's is a few hundred kilobytes. */
const MAX_MANIFEST_BYTES = 2 ** 24;

const convertAgain = 'Convert the checkpoint again with `ovis convert`.';

/**
 * Reads `ovis.json`. Everything in it is checked before anything is used: a bundle comes from strangers.
 *
 * @throws ModelFileError when it is no manifest, of another version, or contradicts itself.
 */
export function parseManifest(bytes: Uint8Array, location: string): BundleManifest {
  const where = `${location}/${MANIFEST_FILE}`;
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw new ModelFileError(`${where} has ${bytes.length} bytes; at most ${MAX_MANIFEST_BYTES} are accepted.`);
  }
  const json = parseJson(bytes, where);
  if (json['format'] !== 'ovis-bundle') {
    throw new ModelFileError(`${where} is not the manifest of an Ovis bundle ("format" is not "ovis-bundle").`);
  }
  if (json['version'] !== BUNDLE_VERSION) {
    throw new ModelFileError(
      `${where} has bundle version ${JSON.stringify(json['version']) ?? 'none'}; this SDK reads version ${BUNDLE_VERSION}. ` +
        `${convertAgain} Or install the SDK version that wrote the bundle.`,
      { details: { found: json['version'], supported: BUNDLE_VERSION } },
    );
  }
  const result = v.safeParse(manifestSchema, json);
  if (!result.success) {
    const problems = result.issues.slice(0, 5).map((issue) => `${v.getDotPath(issue) ?? 'manifest'}: ${issue.message}`);
    throw new ModelFileError(`${where} is malformed: ${problems.join('; ')}. ${convertAgain}`, {
      details: { problems },
    });
  }
  const manifest: BundleManifest = { format: 'ovis-bundle', version: BUNDLE_VERSION, ...result.output };
  checkReferences(manifest, where);
  return manifest;
}

function parseJson(bytes: Uint8Array, where: string): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new ModelFileError(`${where} is not valid JSON. ${convertAgain}`, { cause });
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new ModelFileError(`${where} is not a JSON object. ${convertAgain}`);
  }
  return json as Readonly<Record<string, unknown>>;
}

/** Every file that is named must be listed, and every range must lie inside its file. */
function checkReferences(manifest: BundleManifest, where: string): void {
  const sizes = new Map(manifest.files.map((file) => [file.path, file.bytes]));
  if (sizes.size !== manifest.files.length) throw new ModelFileError(`${where} lists a file twice. ${convertAgain}`);
  const require = (file: string, end: number): void => {
    const bytes = sizes.get(file);
    if (bytes === undefined)
      throw new ModelFileError(`${where} needs ${file}, which it does not list. ${convertAgain}`);
    if (end > bytes) {
      throw new ModelFileError(`${where} needs ${end} bytes of ${file}, which has ${bytes}. ${convertAgain}`);
    }
  };
  const { visualTokenizer, decoder, decoderStep = null } = manifest.graphs;
  for (const graph of [visualTokenizer, decoder, ...(decoderStep === null ? [] : [decoderStep])]) {
    for (const { file, narrowFile, externalData } of [graph, ...(graph.wasm ? [graph.wasm] : [])]) {
      for (const needed of [file, narrowFile ?? file, ...externalData]) require(needed, 0);
    }
  }
  if (decoderStep !== null) {
    for (const device of ['cpu', 'wasm'] as const) {
      const [whole, step] = [graphFor(decoder, device), graphFor(decoderStep, device)];
      if (sameStates(whole.signature.state, step.signature.state)) continue;
      throw new ModelFileError(
        `${where} has a graph for single steps (${step.file}) whose state is not that of ${whole.file}. ${convertAgain}`,
      );
    }
  }
  for (const table of Object.values(manifest.tables)) {
    for (const { file, offset, length } of table === null ? [] : rangesOf(table)) require(file, offset + length);
  }
  require(manifest.tokenizer.tokenizer, 0);
  if (manifest.tokenizer.config !== null) require(manifest.tokenizer.config, 0);
}

function rangesOf(table: TableDescription) {
  if (table.storage !== 'blocks') return [table.data];
  return [table.codes, table.scales, ...(table.zeroPoints === null ? [] : [table.zeroPoints])];
}
