import { runSteps } from '@ovis/core';
import { expect, test } from 'vitest';
import { parseJsonInPieces, type PieceOptions } from './parse-json-in-pieces.ts';

const encoder = new TextEncoder();
const parse = (text: string | Uint8Array, options?: PieceOptions): unknown =>
  runSteps(parseJsonInPieces(typeof text === 'string' ? encoder.encode(text) : text, options));

/** What a parser makes of a text: a value, or that it is refused. */
const outcome = (parser: () => unknown): unknown => {
  try {
    return { value: parser() };
  } catch {
    return 'refused';
  }
};

const samples = [
  '{"model":{"vocab":{"a":0,"b\\"":1,"{":2,"]":3,",":4,"\\\\":5,"":6},"merges":[["a","b"],["a","b]"]]},"x":null}',
  ' [ 1 , [ 2 , [ 3 , [ 4 ] , {"a" : [ ] } ] ] , { } , [ ] , "," ] ',
  '{"a":{"b":{"c":{"d":[1,2,{"e":"\u{1F600}\\u00e9 ü"}]}}},"n":-1.5e-7,"t":true,"f":false}',
  '{"__proto__":1,"10":1,"2":{"__proto__":[1]},"a":0,"a":{"b":1},"constructor":2}',
  '[]',
  '{}',
  '"text"',
  ' 12 ',
  '[[[[[[]]]]],[{"a":[[]]}]]',
];

test.each(samples)('gives what JSON.parse gives: %s', (text) => {
  for (const pieceBytes of [1, 5, 20, 2 ** 15]) {
    const parsed = parse(text, { pieceBytes });
    expect(parsed).toEqual(JSON.parse(text));
    expect(JSON.stringify(parsed)).toBe(JSON.stringify(JSON.parse(text)));
  }
});

test('gives and refuses what JSON.parse gives and refuses, whatever is changed in a text', () => {
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const characters = '{}[],:"\\ 1a\n-';
  let accepted = 0;
  for (let round = 0; round < 20_000; round++) {
    let text = samples[round % samples.length] ?? '';
    for (let changes = 1 + random(2); changes > 0; changes--) {
      const at = random(text.length + 1);
      const character = characters[random(characters.length)] ?? '';
      text = text.slice(0, at) + (random(3) === 0 ? '' : character) + text.slice(at + random(2));
    }
    text = new TextDecoder().decode(encoder.encode(text)); // a change may have cut a character into halves
    const expected = outcome(() => JSON.parse(text));
    expect(
      outcome(() => parse(text, { pieceBytes: 1 + random(12) })),
      text,
    ).toEqual(expected);
    if (expected !== 'refused') accepted++;
  }
  expect(accepted).toBeGreaterThan(2000);
});

test('reads one object as a Map, in the order of the text', () => {
  const text = '{"model":{"vocab":{"b":1,"10":2,"__proto__":3,"b":4},"other":{"c":5}},"vocab":{"d":6}}';
  for (const pieceBytes of [1, 2 ** 15]) {
    const parsed = parse(text, { mapAt: ['model', 'vocab'], pieceBytes });
    expect(parsed).toEqual({
      model: {
        vocab: new Map([
          ['b', 4],
          ['10', 2],
          ['__proto__', 3],
        ]),
        other: { c: 5 },
      },
      vocab: { d: 6 },
    });
  }
});

test('takes a byte order mark and refuses bytes that are no UTF-8', () => {
  expect(parse(Uint8Array.of(0xef, 0xbb, 0xbf, 0x5b, 0x31, 0x5d))).toEqual([1]);
  expect(() => parse(Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d))).toThrow(TypeError);
  expect(() => parse(Uint8Array.of(0x5b, 0x31, 0xff, 0x5d))).toThrow(TypeError);
});

test('refuses deep nesting without running out of stack', () => {
  const deep = '['.repeat(200_000);
  expect(outcome(() => parse(deep))).toBe('refused');
});

test('makes many small steps of a large text', () => {
  const entries = Array.from({ length: 20_000 }, (_, index) => [`piece ${index}`, index]);
  const text = JSON.stringify({ model: { vocab: Object.fromEntries(entries), merges: entries.map(String) } });
  const steps = parseJsonInPieces(encoder.encode(text));
  let count = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) count++;
  expect(step.value).toEqual(JSON.parse(text));
  expect(count).toBeGreaterThan(text.length / 2 ** 16);
});
