// The commands on real folders: the tiny checkpoints, what they are converted to, and damaged ones.
import { cp, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixturePath } from '@ovis/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conversion } from '../src/convert/conversion.ts';
import type { Inspection } from '../src/inspect/inspection.ts';
import { ovis } from './command-line.ts';

const checkpoint = fixturePath('ovis2-tiny');
const wide = fixturePath('ovis2-tiny/images/wide.png');
let folder: string;
let bundle: string;
let converted: Awaited<ReturnType<typeof ovis>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-cli-'));
  bundle = join(folder, 'my bundle');
  converted = await ovis(['convert', checkpoint, bundle, '--dtype', 'f32', '--lm-head-dtype', 'int8']);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('ovis convert', () => {
  test('says what came out and what to do next', () => {
    const { code, stdout, stderr } = converted;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^checkpoint +1\.3 MB, 329,206 parameters\nbundle +.* % of the checkpoint, for cpu\n/);
    expect(stdout).toContain(`\nNext: ovis run '${bundle}' --image picture.jpg --prompt "Describe the picture."\n`);
  });

  test('--json prints sizes, ratio, seconds and dtypes', async () => {
    const target = join(folder, 'json');
    const { code, stdout, stderr } = await ovis(['convert', checkpoint, target, '--dtype', 'int8', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const conversion = JSON.parse(stdout) as Conversion;
    expect(conversion).toMatchObject({ bundle: target, checkpoint, parameters: 329_206, device: 'cpu' });
    expect(conversion.ratio).toBeCloseTo(conversion.bytes / conversion.checkpointBytes);
    expect(conversion.dtypes.decoder).toBe('int8');
  });

  test('does not replace a bundle unless told to', async () => {
    const again = await ovis(['convert', checkpoint, bundle]);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('replace it with --overwrite');
    const target = join(folder, 'twice');
    expect((await ovis(['convert', checkpoint, target])).code).toBe(0);
    expect((await ovis(['convert', checkpoint, target, '--dtype', 'f16', '--overwrite'])).code).toBe(0);
    expect((await inspected(target)).parts).toMatchObject({ decoder: { dtype: 'f16' } });
  });

  test('refuses a bundle as checkpoint', async () => {
    const { code, stderr } = await ovis(['convert', bundle, join(folder, 'none')]);
    expect(code).toBe(1);
    expect(stderr).toContain('is a bundle already');
  });

  test('leaves nothing of a conversion that fails', async () => {
    const damaged = join(folder, 'damaged');
    await cp(checkpoint, damaged, { recursive: true });
    await truncate(join(damaged, 'model.safetensors'), 100_000);
    const { code, stderr } = await ovis(['convert', damaged, join(folder, 'half')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ModelFileError: /);
    expect((await readdir(folder)).filter((name) => name.includes('half'))).toEqual([]);
  });
});

describe('ovis inspect', () => {
  test('describes a checkpoint', async () => {
    const { code, stdout, stderr } = await ovis(['inspect', checkpoint]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ovis2-tiny: a checkpoint of Ovis 2\n/);
    for (const line of [/^parameters +329,206$/m, /^size +1\.3 MB$/m, /^F32 +69 +329,206 +1\.3 MB$/m]) {
      expect(stdout).toMatch(line);
    }
    expect(await inspected(checkpoint)).toMatchObject({ kind: 'checkpoint', generation: '2', parameters: 329_206 });
  });

  test('describes a bundle', async () => {
    const { code, stdout, stderr } = await ovis(['inspect', bundle]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/: a bundle of Ovis 2\n/);
    expect(stdout).toMatch(/^decoder +102,208 +f32$/m);
    expect(stdout).toMatch(/^Not needed +Reason$/m);
    const { kind, bytes, files } = await inspected(bundle);
    expect(kind).toBe('bundle');
    expect(bytes).toBe(files.reduce((sum, file) => sum + file.bytes, 0));
  });

  test('tells which files of a bundle are missing or were cut off', async () => {
    const damaged = join(folder, 'damaged bundle');
    await cp(bundle, damaged, { recursive: true });
    await rm(join(damaged, 'tokenizer.json'));
    await truncate(join(damaged, 'decoder.onnx'), 10);
    const { stdout } = await ovis(['inspect', damaged]);
    expect(stdout).toMatch(/^tokenizer\.json +.* +missing$/m);
    expect(stdout).toMatch(/^decoder\.onnx +.* +other size$/m);
  });
});

describe('ovis run', () => {
  test('answers about a picture, the same as text and as JSON', async () => {
    const argv = ['run', bundle, '--image', wide, '--prompt', 'Describe the picture.', '-n', '6', '--threads', '1'];
    const plain = await ovis([...argv, '--quiet']);
    expect({ code: plain.code, stderr: plain.stderr }).toEqual({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await ovis([...argv, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(result)).toEqual(['text', 'reasoning', 'tokens', 'finishReason', 'usage', 'timings']);
    expect(result['tokens']).toHaveLength(6);
    expect(plain.stdout.trimEnd()).toBe(String(result['text']).trimEnd());
  });

  test('refuses a text file as picture', async () => {
    const text = join(folder, 'notes.txt');
    await writeFile(text, 'This is no picture.');
    const { code, stdout } = await ovis(['run', bundle, '--image', text, '--prompt', 'x', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { name: 'ImageError', code: 'image' } });
  });

  test('converts a checkpoint once, into the cache', async () => {
    const before = process.env['OVIS_CACHE'];
    process.env['OVIS_CACHE'] = join(folder, 'cache');
    try {
      const argv = ['run', checkpoint, '--prompt', 'Hello', '-n', '2', '--dtype', 'f16'];
      const first = await ovis(argv);
      const second = await ovis(argv);
      expect([first.code, second.code]).toEqual([0, 0]);
      expect(first.stderr).toMatch(/^load .* convert /m);
      expect(second.stderr).not.toContain('convert');
      expect(second.stdout).toBe(first.stdout);
    } finally {
      if (before === undefined) delete process.env['OVIS_CACHE'];
      else process.env['OVIS_CACHE'] = before;
    }
  });
});

async function inspected(path: string): Promise<Inspection> {
  const { stdout } = await ovis(['inspect', path, '--json']);
  return JSON.parse(stdout) as Inspection;
}
