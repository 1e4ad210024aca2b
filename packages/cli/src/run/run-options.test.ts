import { expect, test } from 'vitest';
import { runConflict } from './run-options.ts';

test('takes options that go together', () => {
  expect(runConflict({ prompt: '-', image: ['a.png'], minPixels: 5, maxPixels: 5, stop: ['.'] })).toBeNull();
});

test.each([
  ['an empty prompt', { prompt: ' \n' }, 'The prompt is empty'],
  ['an empty name', { prompt: 'x', image: ['a', ''] }, 'empty name'],
  ['prompt and picture from stdin', { prompt: '-', image: ['-'] }, 'Only one'],
  ['two pictures from stdin', { prompt: 'x', image: ['-'], video: ['-'] }, 'Only one'],
  ['bounds in the wrong order', { prompt: 'x', minPixels: 6, maxPixels: 5 }, '--min-pixels 6 is more than'],
  ['an empty stop text', { prompt: 'x', stop: [''] }, '--stop takes at most 16 texts'],
  ['too many stop texts', { prompt: 'x', stop: Array.from({ length: 17 }, String) }, '--stop takes at most 16 texts'],
])('refuses %s', (_, options, message) => {
  expect(runConflict(options)).toContain(message);
});
