import { expect, test } from 'vitest';
import { StopTexts } from './stop-texts.ts';

const stream = (stops: readonly string[], pieces: readonly string[]) => {
  const watcher = new StopTexts(stops);
  const shown = pieces.map((piece) => watcher.push(piece));
  return { text: shown.join('') + watcher.flush(), shown, stopped: watcher.stopped };
};

test('text without a stop text passes whole', () => {
  expect(stream(['END'], ['a', 'bE', 'Nb', 'E']).text).toBe('abENbE');
  expect(stream([], ['a', 'b'])).toMatchObject({ text: 'ab', shown: ['a', 'b'], stopped: false });
});

test('a stop text ends the answer and is no part of it, however it is split', () => {
  const whole = 'one two END three';
  for (let split = 0; split <= whole.length; split++) {
    const result = stream(['END'], [whole.slice(0, split), whole.slice(split)]);
    expect(result).toMatchObject({ text: 'one two ', stopped: true });
  }
  expect(stream(['END'], whole.split(''))).toMatchObject({ text: 'one two ', stopped: true });
});

test('the earliest of several stop texts wins', () => {
  expect(stream(['three', 'two'], ['one two three']).text).toBe('one ');
});

test('only what may begin a stop text is held back', () => {
  expect(stream(['\n\n'], ['a\n', 'b']).shown).toEqual(['a', '\nb']);
});
