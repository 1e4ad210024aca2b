import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, type BundleManifest } from '@ovis/core';
import { fixtureCases, fixturePath, integersOf, readSafetensors } from '@ovis/testing';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { checkpointCopy, truncateToBfloat16 } from '../test/checkpoint-copy.ts';
import { largestDifference, relativeError } from '../test/compare.ts';
import { DecoderRunner } from '../test/decoder-runner.ts';
import { floatsOf } from '../test/floats-of.ts';
import { formsHere } from '../test/products-here.ts';
import { readTable } from '../test/read-table.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { ovis25Tiny, ovis2Tiny } from '../test/tiny-configs.ts';
import { joined, runAll, visionFeeds } from '../test/vision-cases.ts';
import { convertCheckpoint } from './convert-checkpoint.ts';
import type { ConvertOptions } from './convert-options.ts';

const models = [
  { model: 'ovis2-tiny', config: ovis2Tiny },
  { model: 'ovis2.5-tiny', config: ovis25Tiny },
] as const;

/** Converts into a folder that goes away with the test. */
async function convert(checkpoint: string, options: ConvertOptions = {}) {
  const bundle = join(await temporaryFolder(), 'bundle');
  return { bundle, manifest: await convertCheckpoint(checkpoint, bundle, options) };
}

const hashes = ({ files }: BundleManifest) => files.map(({ path, sha256 }) => `${path} ${sha256}`);
const weightHashes = (manifest: BundleManifest) => hashes(manifest).filter((line) => /\.(data|onnx) /.test(line));

describe.each(models)('$model', ({ model, config }) => {
  const weights = readSafetensors(fixturePath(`${model}/model.safetensors`));
  const floats = (name: string) => floatsOf(weights.get(name));

  test('becomes graphs that give the numbers of the official code', async () => {
    const { bundle, manifest } = await convert(fixturePath(model), { dtype: 'f32' });
    const { signature } = manifest.graphs.decoder;
    const decoder = await InferenceSession.create(join(bundle, 'decoder.onnx'));
    const visualTokenizer = await InferenceSession.create(join(bundle, 'visual-tokenizer.onnx'));
    const item = fixtureCases(model).find(
      ({ tensors }) => tensors.has('visual_embeds') && tensors.has('inputs_embeds'),
    );
    const tensors = item?.tensors ?? new Map<string, never>();
    const visual = await runAll(visualTokenizer, visionFeeds(config.vision, weights, tensors));
    expect(largestDifference(joined(visual, 'visual_embeddings'), floatsOf(tensors.get('visual_embeds')))).toBeLessThan(
      5e-5,
    );
    const prompt = floatsOf(tensors.get('inputs_embeds'));
    const length = prompt.length / config.language.hiddenSize;
    const { logits, top_ids: ids } = await new DecoderRunner(
      { session: decoder, signature },
      config.language,
      length + 1,
    ).run(prompt, [length - 1]);
    expect(largestDifference(floatsOf(logits), floatsOf(tensors.get('prefill_logits')))).toBeLessThan(5e-4);
    expect(Number(ids?.data[0])).toBe(integersOf(tensors.get('greedy_ids'))[0]);
  });

  test('becomes tables that hold the embeddings, indicators and positions', async () => {
    const { bundle, manifest } = await convert(fixturePath(model), { dtype: 'f32' });
    const { textEmbeddings, visualIndicators, visualPositions } = manifest.tables;
    expect(readTable(bundle, textEmbeddings)).toEqual(floats('llm.model.embed_tokens.weight'));
    const indicators = config.vision.indicators * config.language.hiddenSize;
    expect(readTable(bundle, visualIndicators)).toEqual(floats('vte.weight').slice(-indicators));
    const positions = 'visual_tokenizer.vit.vision_model.embeddings.position_embedding.weight';
    expect(visualPositions && readTable(bundle, visualPositions)).toEqual(
      weights.has(positions) ? floats(positions) : null,
    );
  });

  test('shares the bytes of the text table with the tied head', async () => {
    const { bundle, manifest } = await convert(fixturePath(model), { dtype: 'int4' });
    const table = manifest.tables.textEmbeddings;
    expect(table).toMatchObject({ storage: 'blocks', bits: 8, codes: { file: 'decoder.data' } });
    expect(relativeError(readTable(bundle, table), floats('llm.model.embed_tokens.weight'))).toBeLessThan(0.006);
  });

  test.each(['cpu', 'webgpu'] as const)(
    'becomes graphs that ONNX Runtime loads in every dtype for %s',
    async (device) => {
      for (const dtype of ['f16', 'int8', 'int4'] as const) {
        const { bundle, manifest } = await convert(fixturePath(model), { dtype, device, intermediates: true });
        const [decoder, visual] = await Promise.all(
          [manifest.graphs.decoder, manifest.graphs.visualTokenizer].map(({ file }) =>
            InferenceSession.create(join(bundle, file)),
          ),
        );
        expect(decoder?.inputNames).toContain('inputs_embeds');
        expect(visual?.outputNames).toContain('visual_probs');
      }
    },
  );

  test.each(['f32', 'f16', 'int8', 'int4'] as const)(
    'gives the embedding of its choice as the table has it, in %s',
    async (dtype) => {
      const { bundle, manifest } = await convert(fixturePath(model), { dtype });
      const { decoder, decoderStep } = manifest.graphs;
      const graph = decoderStep ?? decoder;
      expect([graph.signature.successor?.feeds, graph.wasm?.signature.successor]).toEqual([
        { inputs_embeds: 'next_embeds' },
        undefined,
      ]);
      const prompt = floatsOf(
        fixtureCases(model)
          .find(({ tensors }) => tensors.has('inputs_embeds'))
          ?.tensors.get('inputs_embeds'),
      );
      const { hiddenSize } = config.language;
      const runner = new DecoderRunner(
        { session: await InferenceSession.create(join(bundle, graph.file)), signature: graph.signature },
        config.language,
        prompt.length / hiddenSize + 1,
      );
      const { top_ids: ids, next_embeds: next } = await runner.run(prompt, [2, 0, 5]);
      const table = readTable(bundle, manifest.tables.textEmbeddings);
      const choices = Array.from({ length: 3 }, (_, row) => Number(ids?.data[row * 64]));
      expect(next?.dims).toEqual([1, 3, hiddenSize]);
      expect(floatsOf(next)).toEqual(
        Float32Array.from(choices.flatMap((id) => [...table.subarray(id * hiddenSize, (id + 1) * hiddenSize)])),
      );
      // WebAssembly takes whole files into its memory, so what only the native form reads is not among them.
      const { textEmbeddings } = manifest.tables;
      const { file } = textEmbeddings.storage === 'blocks' ? textEmbeddings.codes : textEmbeddings.data;
      if (file === 'tables.data') expect(graph.wasm?.externalData).not.toContain(file);
    },
  );

  test('has a second graph in int8 for prompts where int4 is asked for a CPU', async () => {
    const { bundle, manifest } = await convert(fixturePath(model), { dtype: 'int4' });
    const { decoder, decoderStep } = manifest.graphs;
    expect(manifest.dtypes.decoder).toBe('int4');
    expect([decoder.narrowFile, decoder.externalData]).toEqual(['decoder-narrow.onnx', ['decoder.data']]);
    expect([decoderStep?.narrowFile, decoderStep?.externalData]).toEqual([null, ['decoder-step.data', 'decoder.data']]);
    const tensors = fixtureCases(model).find((item) => item.tensors.has('inputs_embeds'))?.tensors;
    const prompt = floatsOf(tensors?.get('inputs_embeds'));
    const length = prompt.length / config.language.hiddenSize;
    const resultsOf = async (file: string) => {
      const session = await InferenceSession.create(join(bundle, file));
      const runner = new DecoderRunner({ session, signature: decoder.signature }, config.language, length + 1);
      return runner.run(prompt, [length - 1]);
    };
    const golden = floatsOf(tensors?.get('prefill_logits'));
    for (const form of formsHere) {
      const file = form === 'wide' ? 'decoder.onnx' : 'decoder-narrow.onnx';
      expect(relativeError(floatsOf((await resultsOf(file))['logits']), golden)).toBeLessThan(0.2);
    }
    const step = await resultsOf('decoder-step.onnx');
    expect(step['logits']).toBeUndefined();
    const best = [...golden].toSorted((one, other) => other - one).slice(0, 64);
    expect(relativeError(floatsOf(step['top_logits']), best)).toBeLessThan(0.2);
  });

  test('has one decoder graph where that is asked, in other dtypes and for other devices', async () => {
    for (const options of [
      { dtype: 'int4', prefill: 'same' },
      { dtype: 'int8' },
      { dtype: 'int4', device: 'webgpu' },
    ] as const) {
      const { manifest } = await convert(fixturePath(model), options);
      expect(manifest.graphs.decoderStep ?? null).toBeNull();
      expect(manifest.files.map(({ path }) => path)).not.toContain('decoder-step.data');
    }
  });

  test('gives the same bytes on every run', async () => {
    const [one, two] = [
      await convert(fixturePath(model), { dtype: 'int4' }),
      await convert(fixturePath(model), { dtype: 'int4' }),
    ];
    expect(await readFile(join(one.bundle, MANIFEST_FILE))).toEqual(await readFile(join(two.bundle, MANIFEST_FILE)));
    expect(hashes(one.manifest)).toEqual(hashes(two.manifest));
  });

  test('gives the same weights from shards in bfloat16 as from one file in float32', async () => {
    const sharded = await checkpointCopy(model, { dtype: 'BF16', shards: 3 });
    const single = await checkpointCopy(model, { change: truncateToBfloat16 });
    for (const dtype of ['f32', 'int4'] as const) {
      const [one, two] = [await convert(sharded, { dtype }), await convert(single, { dtype })];
      expect(weightHashes(one.manifest)).toEqual(weightHashes(two.manifest));
    }
  });

  test('takes shards and tensors of different dtypes', async () => {
    const mixed = await checkpointCopy(model, {
      change: truncateToBfloat16,
      dtype: (name) => (/norm|bias|q_proj|\.[02]\./.test(name) ? 'F32' : 'BF16'),
      shards: 4,
    });
    const single = await checkpointCopy(model, { change: truncateToBfloat16 });
    for (const dtype of ['f32', 'int4'] as const) {
      const [one, two] = [await convert(mixed, { dtype }), await convert(single, { dtype })];
      expect(weightHashes(one.manifest)).toEqual(weightHashes(two.manifest));
    }
  });

  test('tells the truth in its manifest', async () => {
    const { bundle, manifest } = await convert(fixturePath(model));
    expect(JSON.parse(await readFile(join(bundle, MANIFEST_FILE), 'utf8'))).toEqual(manifest);
    expect(manifest.files.map(({ path }) => path).toSorted()).toEqual(
      (await readdir(bundle)).filter((name) => name !== MANIFEST_FILE).toSorted(),
    );
    for (const { path, bytes, sha256 } of manifest.files) {
      const content = await readFile(join(bundle, path));
      expect([content.length, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256]);
    }
    expect(await readFile(join(bundle, manifest.tokenizer.tokenizer))).toEqual(
      await readFile(fixturePath(`${model}/tokenizer.json`)),
    );
    const elements = (name: string) => weights.get(name)?.data.length ?? 0;
    const unused = manifest.unusedTensors.reduce((sum, { name }) => sum + elements(name), 0);
    const used = Object.values(manifest.parameters).reduce((sum, count) => sum + count, 0);
    expect(used + unused).toBe([...weights.keys()].reduce((sum, name) => sum + elements(name), 0));
  });

  test('reports bytes of the bundle while it works', async () => {
    const reports: { done: number; total: number; item: string }[] = [];
    const { bundle } = await convert(fixturePath(model), { onProgress: (progress) => reports.push(progress) });
    const done = reports.map((report) => report.done);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done.at(-1)).toBe(reports[0]?.total);
    expect(new Set(reports.map(({ total }) => total)).size).toBe(1);
    const data = await Promise.all(
      ['decoder', 'visual-tokenizer', 'tables'].map((name) => stat(join(bundle, `${name}.data`))),
    );
    const bytes = data.reduce((sum, { size }) => sum + size, 0);
    expect(bytes).toBeGreaterThanOrEqual(reports[0]?.total ?? Infinity);
  });
});

test('names its source and what its parts are stored as', async () => {
  const { manifest } = await convert(fixturePath('ovis2-tiny'), { dtype: 'int4', dtypes: { vit: 'f16' } });
  expect(manifest).toMatchObject({
    format: 'ovis-bundle',
    version: 1,
    source: {
      name: 'ovis2-tiny',
      modelType: 'ovis',
      architecture: 'Ovis',
      converter: expect.stringMatching(/^\d+\.\d+\.\d+/),
    },
    dtypes: { decoder: 'int4', lmHead: 'int8', vit: 'f16', visualHead: 'int8', visualTable: 'int8', textTable: 'int8' },
    warnings: [expect.stringContaining('"use_indicators" false')],
  });
});
