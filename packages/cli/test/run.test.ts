// `ovis run` around a model that is not there: what it asks, and where the parts of the answer go.
import { nanoBundlePath } from '@ovis/nano';
import { fixturePath } from '@ovis/testing';
import type * as facade from 'ovis/node';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Interruption } from '../src/io/interruption.ts';
import { ovis } from './command-line.ts';
import { standInModel, standInResult, type Asked } from './stand-in-model.ts';

const asked: Asked = { model: '', load: {}, request: null, disposed: false };
let onLoad: (options: facade.LoadOptions) => void = () => undefined;

vi.mock('ovis/node', async (original) => ({
  ...(await original<typeof facade>()),
  Ovis: {
    load: (model: string, load: facade.LoadOptions) => {
      Object.assign(asked, { model, load });
      onLoad(load);
      return Promise.resolve(standInModel(asked));
    },
  },
}));

const wide = fixturePath('ovis2-tiny/images/wide.png');
const tall = fixturePath('ovis2-tiny/images/tall.png');

beforeEach(() => {
  Object.assign(asked, { model: '', load: {}, request: null, disposed: false });
  onLoad = () => undefined;
});

describe('what is asked', () => {
  test('without a model the embedded one answers, with the defaults of the SDK', async () => {
    await ovis(['run', '--prompt', 'Hello']);
    expect(asked.model).toBe(nanoBundlePath);
    expect(asked.request?.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }]);
    const { maxNewTokens, temperature, thinking, image } = asked.request ?? {};
    expect({ maxNewTokens, temperature, thinking, image }).toEqual({ image: {} });
  });

  test('pictures, frames and question in this order, instructions first', async () => {
    await ovis([
      'run',
      'model',
      '--system',
      'Be brief.',
      '--image',
      wide,
      tall,
      '--video',
      tall,
      wide,
      '--prompt',
      'Hm?',
    ]);
    expect(asked.model).toBe('model');
    expect(asked.request?.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'image', image: wide },
          { type: 'image', image: tall },
          { type: 'video', frames: [tall, wide] },
          { type: 'text', text: 'Hm?' },
        ],
      },
    ]);
  });

  test('every option reaches the model', async () => {
    const sampling = ['-n', '7', '-t', '0.5', '--top-p', '0.9', '--top-k', '40', '--min-p', '0.1'];
    const answer = ['--repetition-penalty', '1.1', '--seed', '3', '--stop', 'A', 'B', '--stop', 'C'];
    const pictures = ['--max-partition', '4', '--min-pixels', '100', '--max-pixels', '200', '--thinking-budget', '9'];
    const load = ['--device', 'cpu', '--threads', '2', '--dtype', 'int4'];
    await ovis(['run', '--prompt', 'x', ...sampling, ...answer, ...pictures, ...load]);
    expect(asked.load).toMatchObject({ device: 'cpu', threads: 2, dtype: 'int4' });
    expect(asked.request).toMatchObject({
      maxNewTokens: 7,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      minP: 0.1,
      repetitionPenalty: 1.1,
      seed: 3,
      stop: ['A', 'B', 'C'],
      thinking: { budget: 9 },
      image: { maxPartition: 4, minPixels: 100, maxPixels: 200 },
    });
    await ovis(['run', '--prompt', 'x', '--thinking']);
    expect(asked.request?.thinking).toBe(true);
  });

  test('a prompt from stdin, without its last line break', async () => {
    await ovis(['run', '--prompt', '-'], { stdin: 'Two\nlines?\n' });
    expect(asked.request?.messages[0]?.content).toEqual([{ type: 'text', text: 'Two\nlines?' }]);
  });

  test('a picture from stdin', async () => {
    await ovis(['run', '--prompt', 'x', '--image', '-'], { stdin: Uint8Array.of(1, 2, 3) });
    const [picture] = asked.request?.messages[0]?.content ?? [];
    expect(picture).toEqual({ type: 'image', image: Buffer.of(1, 2, 3) });
  });

  test('addresses are fetched only where somebody wrote one', async () => {
    await ovis(['run', '--prompt', 'x', '--image', 'https://example.org/a.png']);
    const [picture] = asked.request?.messages[0]?.content ?? [];
    expect(picture).toEqual({ type: 'image', image: new URL('https://example.org/a.png') });
  });

  test.each([
    ['an empty prompt', ['--prompt', '-'], '\n', 'The prompt on standard input is empty'],
    ['a prompt that is no text', ['--prompt', '-'], Uint8Array.of(0xff), 'not UTF-8'],
    ['an empty picture', ['--prompt', 'x', '--image', '-'], '', 'is empty'],
    ['a folder as picture', ['--prompt', 'x', '--image', fixturePath('tables')], '', 'is not a file'],
    ['a broken address', ['--prompt', 'x', '--image', 'http://'], '', 'valid address'],
  ])('%s fails before a model is loaded', async (_, argv, stdin, message) => {
    const { code, stderr } = await ovis(['run', ...argv], { stdin });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(asked.model).toBe('');
  });
});

describe('where the answer goes', () => {
  test('text to stdout, reasoning and one line per stage to stderr', async () => {
    const { code, stdout, stderr } = await ovis(['run', '--prompt', 'x']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Two cats.\n' });
    expect(stderr).toBe(
      [
        '<think>',
        'Let me count.',
        '</think>',
        'load          60 ms  verify 10 ms, tokenizer 20 ms, graphs 30 ms, cpu, stand-in 1.0',
        'pictures      10 ms  decode 4 ms, prepare 6 ms',
        'vision       200 ms  90 tokens, 450 tokens/s',
        'prefill      100 ms  100 tokens, 1000 tokens/s',
        'first token  320 ms  after the question',
        'answer       100 ms  3 tokens, 20.0 tokens/s; cut off, see --max-new-tokens',
        '',
      ].join('\n'),
    );
    expect(asked.disposed).toBe(true);
  });

  test('--quiet leaves the text alone', async () => {
    expect(await ovis(['run', '--prompt', 'x', '--quiet'])).toEqual({ code: 0, stdout: 'Two cats.\n', stderr: '' });
  });

  test('--json prints exactly the documented fields on one line', async () => {
    const { code, stdout, stderr } = await ovis(['run', '--prompt', 'x', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd()).not.toContain('\n');
    expect(JSON.parse(stdout)).toEqual(standInResult);
  });

  test('an interruption while loading, or in the middle of an answer, frees the model', async () => {
    const controller = new AbortController();
    onLoad = () => controller.abort(new Interruption('Interrupted.', 130));
    const { code, stdout, stderr } = await ovis(['run', '--prompt', 'x'], { signal: controller.signal });
    expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: '', stderr: 'Interrupted.\n' });
    expect(asked.disposed).toBe(true);
  });
});
