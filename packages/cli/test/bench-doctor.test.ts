// `ovis bench` and `ovis doctor` on real bundles: the embedded model, and copies that are damaged.
import { cp, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nanoBundlePath } from '@ovis/nano';
import { fixturePath } from '@ovis/testing';
import type { Diagnosis, DiagnosisArea } from 'ovis/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BenchSummary } from '../src/bench/bench-summary.ts';
import { Interruption } from '../src/io/interruption.ts';
import { ovis } from './command-line.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-doctor-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('ovis bench', () => {
  test('measures the embedded model', async () => {
    const { code, stdout, stderr } = await ovis(['bench', '--repeat', '2', '--prompts', '64', '--contexts', '32,16']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/ on .*\d threads?, onnxruntime-node \d/);
    for (const line of [/^load +\d/m, /^picture \d+ x \d+ +\d/m, /^read 64 .* tokens\/s +\(/m, /^memory /m]) {
      expect(stdout).toMatch(line);
    }
    expect(stdout.indexOf('write at 16')).toBeGreaterThan(0);
    expect(stdout.indexOf('write at 32')).toBeGreaterThan(stdout.indexOf('write at 16'));
  });

  test('--json holds every single time, and the numbers that follow from them', async () => {
    const line = [
      'bench',
      nanoBundlePath,
      '--json',
      '--repeat',
      '3',
      '--steps',
      '2',
      '--prompts',
      '24',
      '--contexts',
      '8',
    ];
    const { code, stdout, stderr } = await ovis([...line, '--no-picture', '--threads', '1']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const summary = JSON.parse(stdout) as BenchSummary;
    expect(summary).toMatchObject({ picture: null, device: { kind: 'cpu', threads: 1 } });
    const [read] = summary.prefill;
    const [written] = summary.decode;
    expect(read?.ms.all).toHaveLength(3);
    expect(read?.tokensPerSecond).toBeCloseTo(24_000 / (read?.ms.median ?? 0), 6);
    expect(written?.context).toBe(8);
    expect(written?.tokensPerSecond).toBeCloseTo(1000 / (written?.ms.median ?? 0), 6);
    expect(summary.memory.peakBytes).toBeGreaterThan(summary.model.bytes);
  });

  test.each([
    ['--contexts', '64,'],
    ['--contexts', '0'],
    ['--prompts', 'many'],
    ['--repeat', '0'],
    ['--steps', '2000'],
  ])('%s %j is wrong use', async (option, value) => {
    const { code, stdout, stderr } = await ovis(['bench', option, value]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(option);
  });

  test('a context that the model cannot hold is refused with what it holds', async () => {
    const { code, stderr } = await ovis(['bench', '--contexts', '100000000']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^InvalidArgumentError: decode has the length 100000000; expected whole numbers from 1 to \d+/,
    );
  });

  test('Ctrl-C ends it', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Interruption('Interrupted.', 130)), 300);
    const { code, stdout, stderr } = await ovis(['bench', '--repeat', '100'], { signal: stop.signal });
    expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: '', stderr: 'Interrupted.\n' });
  });
});

describe('ovis doctor', () => {
  const diagnosed = async (
    argv: readonly string[],
  ): Promise<{ readonly code: number; readonly diagnosis: Diagnosis }> => {
    const { code, stdout, stderr } = await ovis(['doctor', ...argv, '--json'], { env: {} });
    expect(stderr).toBe('');
    return { code, diagnosis: JSON.parse(stdout) as Diagnosis };
  };
  const finding = ({ findings }: Diagnosis, area: DiagnosisArea) => findings.findLast((found) => found.area === area);
  const copyOfNano = async (name: string): Promise<string> => {
    const copy = join(folder, name);
    await cp(nanoBundlePath, copy, { recursive: true });
    return copy;
  };

  test('says what works on this machine', async () => {
    const { code, stdout } = await ovis(['doctor']);
    expect(code).toBe(0);
    for (const line of [/^ok {2}node +Node \d+\./m, /^ok {2}pictures +sharp \d/m, /^ok {2}cpu +onnxruntime-node \d/m]) {
      expect(stdout).toMatch(line);
    }
    expect(stdout).toMatch(/\n +keys and values are .*\n +products of 8-bit numbers /);
    expect(stdout).toMatch(/\nModels can run here\.\n$/);
  });

  test('a whole bundle is verified and run', async () => {
    const { code, diagnosis } = await diagnosed([nanoBundlePath]);
    expect({ code, works: diagnosis.works }).toEqual({ code: 0, works: true });
    expect(finding(diagnosis, 'files')).toMatchObject({ state: 'good' });
    expect(finding(diagnosis, 'run')?.text).toMatch(/^loads in .*, sees a picture in .*, writes [\d.]+ tokens\/s$/);
    expect(finding(diagnosis, 'memory')?.details).toMatchObject({ neededBytes: expect.any(Number) });
  });

  test('a changed byte is found, and the model is not run', async () => {
    const copy = await copyOfNano('changed');
    const file = await open(join(copy, 'decoder.data'), 'r+');
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 1000);
    await file.write(Uint8Array.of((buffer[0] ?? 0) ^ 0xff), 0, 1, 1000);
    await file.close();
    const { code, diagnosis } = await diagnosed([copy]);
    expect({ code, works: diagnosis.works }).toEqual({ code: 1, works: false });
    expect(finding(diagnosis, 'files')).toMatchObject({ state: 'bad', text: expect.stringContaining('has changed') });
    expect(finding(diagnosis, 'run')).toBeUndefined();
  });

  test('a missing file is found', async () => {
    const copy = await copyOfNano('missing');
    await rm(join(copy, 'tables.data'));
    const { code, stdout } = await ovis(['doctor', copy]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^!! {2}files +.*tables\.data is missing/m);
    expect(stdout).toContain(`${copy} cannot run here`);
  });

  test('a folder that is no model is bad news, not a crash', async () => {
    await writeFile(join(folder, 'ovis.json'), '{}');
    const { code, diagnosis } = await diagnosed([folder]);
    expect(code).toBe(1);
    expect(finding(diagnosis, 'model')).toMatchObject({ state: 'bad' });
    expect((await diagnosed([join(folder, 'nowhere')])).code).toBe(1);
  });

  test('a checkpoint is told from a bundle', async () => {
    const { code, diagnosis } = await diagnosed([fixturePath('ovis2-tiny')]);
    expect(code).toBe(0);
    expect(finding(diagnosis, 'model')?.details).toMatchObject({ kind: 'checkpoint', generation: '2' });
  });

  test('a device that is asked for and absent is bad news with its reason', async () => {
    const { code, diagnosis } = await diagnosed(['--device', 'cuda']);
    const { state, text, details } = finding(diagnosis, 'cuda') ?? {};
    const available = details?.['available'] === true;
    expect({ state, code }).toEqual(available ? { state: 'good', code: 0 } : { state: 'bad', code: 1 });
    if (!available) expect(text).toMatch(/^Device cuda cannot start: .*CUDA/s);
  });
});
