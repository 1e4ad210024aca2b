// The cases of training/tests/test_scoring.py: both sides must count alike.
import { expect, test } from 'vitest';
import { isRight, things } from './scoring-rules.ts';

test.each([
  ['exact', ' Red. ', 'red', true],
  ['exact', 'red star', 'red', false],
  ['within-5-percent', 'about 84', '80', true],
  ['within-5-percent', '85', '80', false],
  ['within-5-percent', 'none', '80', false],
  ['same-things', 'a blue heart and two red stars', 'two red stars and a blue heart', true],
  ['same-things', 'two red stars and a red heart', 'two red stars and a blue heart', false],
  ['same-things', 'a red star', 'two red stars', false],
  ['same-things', 'three crosses, a box and two red hexagons', 'two red hexagons, a box and three crosses', true],
  ['same-things', 'Stars.', 'a star', false],
  ['says-unknown', "I don't know.", "I don't know.", true],
  ['says-unknown', 'a dog', "I don't know.", false],
] as const)('%s: %j for %j', (rule, text, answer, counts) => {
  expect(isRight(rule, text, answer)).toBe(counts);
});

test('plurals return to the singular', () => {
  expect(things('two crosses, three boxes, six benches and four diamonds')).toEqual([
    '2 cross',
    '3 box',
    '4 diamond',
    '6 bench',
  ]);
});
