import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { Interruption } from '../src/io/interruption.ts';
import { ovis } from './command-line.ts';

describe('help', () => {
  test.each(['run', 'convert', 'inspect', 'trace'])('ovis %s --help shows examples and succeeds', async (command) => {
    const { code, stdout, stderr } = await ovis([command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: ovis ${command}`);
    expect(stdout).toContain(`  $ ovis ${command} `);
  });

  test('the overview names every command, with and without a terminal', async () => {
    const { code, stdout } = await ovis(['--help']);
    expect(code).toBe(0);
    for (const command of ['run', 'convert', 'inspect', 'trace'])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect((await ovis(['help', 'run'])).stdout).toBe((await ovis(['run', '--help'])).stdout);
  });

  test('--version prints the version alone', async () => {
    expect(await ovis(['--version'])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });

  test('no command at all is wrong use and shows the help', async () => {
    const { code, stdout, stderr } = await ovis([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: ovis/);
  });
});

describe('wrong use exits with 2 before anything is loaded', () => {
  test.each([
    [['rnu'], 'Did you mean run?'],
    [['run'], 'There is no question'],
    [['run', '--promt', 'x'], 'Did you mean --prompt?'],
    [['run', '--prompt', ''], 'The prompt is empty'],
    [['run', 'a', 'b', '--prompt', 'x'], 'Too many arguments'],
    [['run', '--prompt', 'x', '--image'], 'argument missing'],
    [['run', '--prompt', 'x', '--max-new-tokens', '0'], 'a whole number, at least 1'],
    [['run', '--prompt', 'x', '--max-new-tokens', '2.5'], 'a whole number'],
    [['run', '--prompt', 'x', '--temperature', '-1'], 'at least 0'],
    [['run', '--prompt', 'x', '--temperature', 'NaN'], 'Expected a number'],
    [['run', '--prompt', 'x', '--top-p', '0'], 'above 0 and at most 1'],
    [['run', '--prompt', 'x', '--top-k', '-1'], 'at least 0'],
    [['run', '--prompt', 'x', '--min-p', '1.5'], 'at most 1'],
    [['run', '--prompt', 'x', '--repetition-penalty', '0'], 'above 0'],
    [['run', '--prompt', 'x', '--seed', '4294967296'], 'at most 4294967295'],
    [['run', '--prompt', 'x', '--thinking-budget', '0'], 'at least 1'],
    [['run', '--prompt', 'x', '--threads', 'many'], 'a whole number'],
    [['run', '--prompt', 'x', '--max-partition', '65'], 'at most 64'],
    [['run', '--prompt', 'x', '--min-pixels', '9', '--max-pixels', '4'], '--min-pixels 9 is more than'],
    [['run', '--prompt', 'x', '--device', 'tpu'], 'Allowed choices are auto, cpu, webgpu, cuda'],
    [['run', '--prompt', 'x', '--dtype', 'f64'], 'Allowed choices are f32, f16, int8, int4'],
    [['run', '--prompt', '-', '--image', '-'], 'Only one'],
    [['convert', 'a'], "Missing required argument 'bundle'"],
    [['convert', 'a', 'b', '--vit-dtype', 'int2'], 'Allowed choices'],
    [['convert', 'a', 'b', '--device', 'cuda'], 'Allowed choices are cpu, webgpu'],
    [['inspect'], "Missing required argument 'path'"],
    [['trace', 'a', '--out', 'b'], 'Add --case'],
    [['trace', 'a', '--case', 'b'], 'Add --out'],
  ])('ovis %j', async (argv, message) => {
    const { code, stdout, stderr } = await ovis(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Wrong use: ');
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/See "ovis.* --help"\.\n$/);
  });

  test('with --json it is one object on stdout', async () => {
    const { code, stdout, stderr } = await ovis(['run', '--json', '--prompt', 'x', '--seed', '-1']);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      error: {
        name: 'UsageError',
        code: 'commander.invalidArgument',
        message: expect.stringContaining('at least 0') as string,
      },
    });
  });
});

describe('failures exit with 1', () => {
  test('a model that is not there: says what was looked for, without a stack', async () => {
    const { code, stdout, stderr } = await ovis(['run', 'no/such/model', '--prompt', 'x']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^ModelFileError: .*no\/such\/model does not exist.*config\.json/);
    expect(stderr).not.toContain('    at ');
  });

  test('OVIS_DEBUG=1 adds the stack', async () => {
    const { stderr } = await ovis(['inspect', 'no/such/model'], { env: { OVIS_DEBUG: '1' } });
    expect(stderr).toContain('    at ');
  });

  test('with --json it is one object on stdout', async () => {
    const { code, stdout, stderr } = await ovis(['inspect', 'no/such/model', '--json']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ error: { name: 'ModelFileError', code: 'model-file' } });
  });

  test('a picture that is not there is told before the model is looked for', async () => {
    const { code, stderr } = await ovis(['run', 'no/such/model', '--prompt', 'x', '--image', 'no.png']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'ImageError: The picture no.png does not exist. Check the path.\n',
    });
  });

  test('a name cannot command the terminal', async () => {
    const { stderr } = await ovis(['inspect', 'a\u001b[2Jb'], { terminal: true });
    expect(stderr).toContain(String.raw`a\x1b[2Jb does not exist`);
  });
});

describe('an interrupted command', () => {
  test('exits with the code of the interruption', async () => {
    const signal = AbortSignal.abort(new Interruption('Interrupted.', 130));
    expect(await ovis(['run', '--prompt', '-'], { signal })).toEqual({
      code: 130,
      stdout: '',
      stderr: 'Interrupted.\n',
    });
  });

  test('says so in JSON too', async () => {
    const signal = AbortSignal.abort(new Interruption('Interrupted.', 130));
    const { code, stdout } = await ovis(['run', '--json', '--prompt', '-'], { signal });
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { name: 'Interruption', code: 'interrupted' } });
  });

  test('is silent when nobody reads any more', async () => {
    const signal = AbortSignal.abort(new Interruption('The output was closed.', 141));
    expect(await ovis(['run', '--prompt', '-'], { signal })).toEqual({ code: 141, stdout: '', stderr: '' });
  });
});
