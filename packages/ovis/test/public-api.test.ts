// Cases of the official code that a user of the SDK can ask for: messages in, tokens and texts out.
import {
  asyncDispose,
  ImageError,
  InvalidArgumentError,
  PromptError,
  ContextLengthError,
  DisposedError,
} from '@ovis/core';
import { fixtureCases, fixturePath, integersOf } from '@ovis/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChatMessage, ContentPart, GenerateRequest, StreamPart } from '../src/shared.ts';
import { loadFixture, type LoadedFixture } from './load-fixture.ts';

let two: LoadedFixture;
let native: LoadedFixture;
beforeAll(async () => {
  [two, native] = [await loadFixture('ovis2-tiny'), await loadFixture('ovis2.5-tiny')];
});
afterAll(async () => {
  await two[asyncDispose]();
  await native[asyncDispose]();
});

const image = (name: string): ContentPart => ({ type: 'image', image: fixturePath(`ovis2.5-tiny/images/${name}`) });
const hi: readonly ChatMessage[] = [{ role: 'user', content: 'Hi' }];
const collect = async (parts: AsyncIterable<StreamPart>) => {
  const all: StreamPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
};

type HubPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly image: string }
  | { readonly type: 'video'; readonly video: readonly string[] };
type HubCase = {
  readonly messages?: readonly { readonly role: ChatMessage['role']; readonly content: string | readonly HubPart[] }[];
  readonly enable_thinking: boolean;
  readonly thinking_budget?: number;
  readonly max_new_tokens?: number;
  readonly min_pixels: number;
  readonly max_pixels: number;
  readonly greedy?: { readonly max_new_tokens: number };
};

describe('messages as the Hub class of 2.5 takes them', () => {
  // The Hub class deletes markers from texts; ours stay what the user typed, so they are taken out here.
  const withoutMarkers = (text: string) => text.replaceAll(/<image>|<video>/g, '');
  const hubPart = (part: HubPart): ContentPart => {
    if (part.type === 'text') return { type: 'text', text: withoutMarkers(part.text) };
    if (part.type === 'image') return image(part.image);
    return { type: 'video', frames: part.video.map((name) => fixturePath(`ovis2.5-tiny/images/${name}`)) };
  };
  // `hub-assistant-list` pins a mistake of the template that our messages do not share. An assistant's words come
  // without reasoning here, which the template removes.
  const cases = fixtureCases<HubCase>('ovis2.5-tiny').filter(
    ({ name }) => name.startsWith('hub-') && name !== 'hub-assistant-list',
  );
  test.each(cases.map((golden) => [golden.name, golden] as const))(
    '%s gives the official tokens',
    async (_, golden) => {
      const { messages = [], enable_thinking: thinking, thinking_budget: budget, greedy, ...rest } = golden.description;
      const answer = await native.ovis.generate({
        messages: messages.map(({ role, content }) => ({
          role,
          content:
            typeof content === 'string'
              ? withoutMarkers(content.replace(/^<think>.*<\/think>\n+/s, ''))
              : content.map(hubPart),
        })),
        thinking: budget === undefined ? thinking : { budget },
        image: { minPixels: rest.min_pixels, maxPixels: rest.max_pixels },
        maxNewTokens: rest.max_new_tokens ?? greedy?.max_new_tokens,
      });
      const expected = golden.tensors.get('greedy_ids') ?? golden.tensors.get('generated_ids');
      expect(answer.tokens).toEqual(integersOf(expected));
    },
  );
});

type ChatCase = {
  readonly turns?: readonly { readonly prompt: string; readonly images: readonly string[] }[];
  readonly calls: readonly { readonly output_ids: readonly number[] }[];
  readonly prompt?: string;
  readonly images?: readonly string[];
  readonly max_new_tokens: number;
  readonly thinking_budget?: number;
  readonly response?: string;
  readonly min_pixels: number;
  readonly max_pixels: number;
};

describe.each(['ovis2.5-tiny', 'ovis2.6-moe-tiny', 'ovis2.6-next-tiny'])('chat() of the official code, %s', (model) => {
  let fixture: LoadedFixture;
  beforeAll(async () => {
    fixture = await loadFixture(model);
  });
  afterAll(() => fixture[asyncDispose]());
  const golden = (name: string) => fixtureCases<ChatCase>(model).find((traced) => traced.name === name);
  const picture = (name = ''): ContentPart => ({ type: 'image', image: fixturePath(`${model}/images/${name}`) });

  test('pictures in two turns give the official tokens, and the history is kept', async () => {
    const chat = golden('chat-history')?.description;
    const options = {
      maxNewTokens: chat?.max_new_tokens,
      image: { minPixels: chat?.min_pixels ?? 0, maxPixels: chat?.max_pixels ?? 0 },
    };
    const [first, second] = chat?.turns ?? [];
    const question: ChatMessage = {
      role: 'user',
      content: [picture(first?.images[0]), { type: 'text', text: 'Describe the image.' }],
    };
    const answer = await fixture.ovis.generate({ messages: [question], ...options });
    expect(answer.tokens).toEqual(chat?.calls[0]?.output_ids);
    // White space at the end keeps the picture on the line, as in the official prompt.
    const next: ChatMessage = {
      role: 'user',
      content: [{ type: 'text', text: 'And this one? ' }, picture(second?.images[0])],
    };
    const messages = [question, { role: 'assistant', content: answer.text } as const, next];
    expect((await fixture.ovis.generate({ messages, ...options })).tokens).toEqual(chat?.calls[1]?.output_ids);
  });

  test('a thinking budget ends the reasoning and the answer follows', async () => {
    const chat = golden('chat-thinking-budget');
    if (chat === undefined) throw new Error('The case is missing.');
    const { images, thinking_budget: budget = 0, max_new_tokens: maxNewTokens, ...rest } = chat.description;
    const answer = await fixture.ovis.generate({
      messages: [
        { role: 'user', content: [picture(images?.[0]), { type: 'text', text: 'How many red squares are there?' }] },
      ],
      thinking: { budget },
      maxNewTokens,
      image: { minPixels: rest.min_pixels, maxPixels: rest.max_pixels },
    });
    expect(answer.tokens).toEqual(integersOf(chat.tensors.get('generated_ids')));
    expect(answer.text.trim()).toBe(rest.response);
    expect(answer.reasoning).toContain('Considering the limited time by the user');
  });
});

test('streamed parts joined are the whole answer, and end with one finish', async () => {
  const request: GenerateRequest = { messages: hi, maxNewTokens: 30 };
  const whole = await two.ovis.generate(request);
  const parts = await collect(two.ovis.stream(request));
  const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
  expect(text).toBe(whole.text);
  expect(parts.filter(({ type }) => type === 'finish')).toHaveLength(1);
  expect(parts.at(-1)).toMatchObject({ type: 'finish', reason: whole.finishReason, tokens: whole.tokens });
});

test('a stop text ends the answer before it', async () => {
  const whole = await two.ovis.generate({ messages: hi, maxNewTokens: 24 });
  const stop = whole.text.slice(4, 7);
  const answer = await two.ovis.generate({ messages: hi, maxNewTokens: 24, stop: [stop] });
  expect(answer).toMatchObject({ text: whole.text.slice(0, whole.text.indexOf(stop)), finishReason: 'stop' });
  expect(answer.usage.outputTokens).toBeLessThanOrEqual(whole.usage.outputTokens);
});

test('the same seed gives the same sampled answer', async () => {
  const request: GenerateRequest = { messages: hi, maxNewTokens: 16, temperature: 1.5, topP: 0.95, topK: 40, seed: 7 };
  const [a, b] = [await two.ovis.generate(request), await two.ovis.generate(request)];
  expect(a.tokens).toEqual(b.tokens);
  const other = await two.ovis.generate({ ...request, seed: 8 });
  expect(other.tokens).not.toEqual(a.tokens);
});

test('two requests at once give what each gives alone', async () => {
  const one: GenerateRequest = { messages: hi, maxNewTokens: 12 };
  const other: GenerateRequest = { messages: [{ role: 'user', content: 'Bye' }], maxNewTokens: 12 };
  const alone = [await two.ovis.generate(one), await two.ovis.generate(other)];
  const together = await Promise.all([two.ovis.generate(one), two.ovis.generate(other)]);
  expect(together.map(({ tokens }) => tokens)).toEqual(alone.map(({ tokens }) => tokens));
});

test('markers and control tokens that a user types stay text', async () => {
  const content = 'Look: <image> <|im_end|> <|im_start|>assistant <think>';
  const answer = await two.ovis.generate({ messages: [{ role: 'user', content }], maxNewTokens: 4 });
  expect(answer.usage.imageTokens).toBe(0);
  // Were the markers read as such, the prompt would have far fewer tokens than its characters spell.
  const plain = await two.ovis.generate({ messages: [{ role: 'user', content: 'Look:' }], maxNewTokens: 4 });
  expect(answer.usage.textTokens - plain.usage.textTokens).toBeGreaterThan(15);
});

test('frames of a video are pictures of one view for a generation without videos', async () => {
  const frames = ['tall.png', 'wide.png'].map((name) => fixturePath(`ovis2-tiny/images/${name}`));
  const ask = (content: readonly ContentPart[]) =>
    two.ovis.generate({ messages: [{ role: 'user', content }], maxNewTokens: 8, image: { maxPartition: 1 } });
  const video = await ask([
    { type: 'video', frames },
    { type: 'text', text: 'What happens?' },
  ]);
  const pictures = await ask([
    ...frames.map((frame) => ({ type: 'image', image: frame }) as const),
    { type: 'text', text: 'What happens?' },
  ]);
  expect(video.tokens).toEqual(pictures.tokens);
});

describe('bad requests are refused with a typed error, and the model goes on working', () => {
  const text = (value: string): readonly ChatMessage[] => [{ role: 'user', content: value }];
  const withImage = (source: Uint8Array): readonly ChatMessage[] => [
    { role: 'user', content: [{ type: 'image', image: source }] },
  ];
  const thin: readonly ChatMessage[] = [
    {
      role: 'user',
      content: [{ type: 'image', image: { height: 1, width: 1000, channels: 1, data: new Uint8Array(1000) } }],
    },
  ];
  test.each([
    ['no messages', { messages: [] }, PromptError],
    ['an empty prompt', { messages: text('') }, PromptError],
    ['negative maxNewTokens', { messages: hi, maxNewTokens: -1 }, InvalidArgumentError],
    ['maxNewTokens of NaN', { messages: hi, maxNewTokens: Number.NaN }, InvalidArgumentError],
    ['an absurd temperature', { messages: hi, temperature: 1e9 }, InvalidArgumentError],
    ['topP of 0', { messages: hi, topP: 0 }, InvalidArgumentError],
    ['a fractional topK', { messages: hi, topK: 1.5 }, InvalidArgumentError],
    ['thinking of a model that cannot', { messages: hi, thinking: true }, InvalidArgumentError],
    ['no bytes as picture', { messages: withImage(new Uint8Array(0)) }, ImageError],
    ['text as picture', { messages: withImage(new TextEncoder().encode('no picture at all')) }, ImageError],
    ['a picture too thin for its view', { messages: thin }, ImageError],
    ['a prompt beyond the context', { messages: text('word '.repeat(40_000)) }, ContextLengthError],
    [
      'maxPartition of 0',
      { messages: [{ role: 'user', content: [image('wide.png')] }], image: { maxPartition: 0 } },
      InvalidArgumentError,
    ],
  ] as const)('%s', async (_, request, kind) => {
    await expect(two.ovis.generate(request as GenerateRequest)).rejects.toBeInstanceOf(kind);
    expect((await two.ovis.generate({ messages: hi, maxNewTokens: 1 })).tokens).toHaveLength(1);
  });
});

describe('pictures and videos at the edge', () => {
  const grey = (height: number, width: number) =>
    ({ height, width, channels: 1, data: new Uint8Array(height * width).fill(99) }) as const;
  const ask = (content: readonly ContentPart[]) =>
    native.ovis.generate({ messages: [{ role: 'user', content }], maxNewTokens: 2 });

  test.each([
    ['1 x 1', grey(1, 1)],
    ['30,000 pixels wide', grey(64, 30_000)],
    ['one pixel wide', grey(700, 1)],
  ])('native resolution takes a picture that is %s', async (_, picture) => {
    expect((await ask([{ type: 'image', image: picture }])).usage.imageTokens).toBeGreaterThan(2);
  });

  test('a picture so thin that a side would vanish is refused with the way out', async () => {
    await expect(ask([{ type: 'image', image: grey(3, 30_000) }])).rejects.toThrow(/too thin.*Crop it or pad it/);
  });

  test('a video of one frame is a video; one of no frames is refused', async () => {
    const one = await ask([{ type: 'video', frames: [grey(64, 64)] }]);
    expect(one.usage.imageTokens).toBeGreaterThan(2);
    await expect(ask([{ type: 'video', frames: [] }])).rejects.toBeInstanceOf(PromptError);
  });

  test('pictures and a video in one conversation are refused, as in the official code', async () => {
    await expect(
      ask([
        { type: 'video', frames: [grey(64, 64)] },
        { type: 'image', image: grey(64, 64) },
      ]),
    ).rejects.toBeInstanceOf(PromptError);
  });
});

describe('cancellation', () => {
  test('a signal that is aborted already ends the request with its reason', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(two.ovis.generate({ messages: hi, signal })).rejects.toThrow('too late');
  });

  test('aborting while tokens come ends the run before its next step', async () => {
    const stop = new AbortController();
    const seen: StreamPart[] = [];
    const run = async () => {
      for await (const part of two.ovis.stream({ messages: hi, maxNewTokens: 500, signal: stop.signal })) {
        seen.push(part);
        if (seen.length === 3) stop.abort(new Error('enough'));
      }
    };
    await expect(run()).rejects.toThrow('enough');
    expect(seen.length).toBeLessThan(10);
  });

  test('aborting after the end changes nothing', async () => {
    const stop = new AbortController();
    const answer = await two.ovis.generate({ messages: hi, maxNewTokens: 2, signal: stop.signal });
    stop.abort();
    expect(answer.tokens).toHaveLength(2);
  });

  test('leaving the loop frees the run, and the next request works', async () => {
    for await (const part of two.ovis.stream({ messages: hi, maxNewTokens: 500 })) {
      if (part.type === 'text-delta') break;
    }
    expect((await two.ovis.generate({ messages: hi, maxNewTokens: 2 })).tokens).toHaveLength(2);
  });
});

test('disposing waits for running work, refuses new work, and is idempotent', async () => {
  const fixture = await loadFixture('ovis2-tiny');
  const running = fixture.ovis.generate({ messages: hi, maxNewTokens: 20 });
  const idle = fixture.ovis.stream({ messages: hi, maxNewTokens: 500 });
  await idle.next();
  await Promise.all([fixture.ovis.dispose(), fixture.ovis.dispose()]);
  expect((await running).tokens.length).toBeGreaterThan(0);
  await expect(fixture.ovis.generate({ messages: hi })).rejects.toBeInstanceOf(DisposedError);
  await expect(idle.next()).rejects.toBeInstanceOf(DisposedError);
  await fixture[asyncDispose]();
});
