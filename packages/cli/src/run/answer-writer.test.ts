import { expect, test } from 'vitest';
import { memoryIo, type Surroundings } from '../../test/command-line.ts';
import { AnswerWriter } from './answer-writer.ts';

function answer(surroundings: Surroundings, reasoning = true) {
  const { io, written } = memoryIo(surroundings);
  const writer = new AnswerWriter(io, { reasoning });
  writer.reasoning('Hm');
  writer.reasoning('m.');
  writer.text('Two \u001b[31mcats');
  writer.end();
  writer.end();
  return written();
}

test('a file gets exactly the answer and a line break', () => {
  expect(answer({})).toEqual({ stdout: 'Two \u001b[31mcats\n', stderr: '<think>\nHmm.\n</think>\n' });
});

test('a terminal gets dimmed reasoning and no commands', () => {
  const { stdout, stderr } = answer({ terminal: true });
  expect(stdout).toBe('Two \\x1b[31mcats\n');
  expect(stderr).toBe('\u001b[2mHm\u001b[22m\u001b[2mm.\u001b[22m\n\n');
});

test('reasoning can be left out', () => {
  expect(answer({}, false).stderr).toBe('');
});

test('an answer that ends its line gets no second line break, and no answer no line', () => {
  const { io, written } = memoryIo();
  const writer = new AnswerWriter(io, { reasoning: true });
  writer.end();
  expect(written().stdout).toBe('');
  writer.text('a\n');
  writer.end();
  expect(written().stdout).toBe('a\n');
});
