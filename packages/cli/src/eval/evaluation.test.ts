import { expect, test } from 'vitest';
import type { Answer } from './ask-questions.ts';
import { evaluationOf, wilson } from './evaluation.ts';
import type { QuestionSet } from './question-sets.ts';

function answers(set: string, expected: readonly string[], given: readonly string[]): Answer[] {
  return expected.map((answer, index) => {
    const text = given[index] ?? '';
    const question = { id: `${set}-${index}`, set, images: [], question: 'What?', answer, rule: 'exact' } as const;
    return { question, text, right: text === answer };
  });
}

test('counts right answers by set, and tells what one answer to all would reach', () => {
  const sets = new Map<string, QuestionSet>([
    ['color', { title: 'Color', goal: 98, wording: 'trained' }],
    ['unasked', { title: 'Unasked', goal: null, wording: 'trained' }],
  ]);
  const all = answers('color', ['red', 'red', 'blue', 'green'], ['red', 'blue', 'blue', 'green']);
  expect(evaluationOf(all, { sets })).toEqual({
    sets: [
      {
        set: 'color',
        title: 'Color',
        wording: 'trained',
        questions: 4,
        right: 75,
        interval: [30.1, 95.4],
        chance: 50,
        goal: 98,
      },
    ],
    wordings: [],
  });
});

test('puts the wordings of a task side by side', () => {
  const title = 'Color';
  const sets = new Map<string, QuestionSet>([
    ['wording-0-color', { title, goal: null, wording: 'trained' }],
    ['wording-1-color', { title, goal: null, wording: 1 }],
    ['wording-2-color', { title, goal: null, wording: 2 }],
  ]);
  const all = [
    ...answers('wording-0-color', ['red', 'blue'], ['red', 'blue']),
    ...answers('wording-1-color', ['red', 'blue'], ['red', 'red']),
    ...answers('wording-2-color', ['red', 'blue'], ['', '']),
  ];
  const wordings = [{ title, questions: 2, trained: 100, unseen: [50, 0] }];
  expect(evaluationOf(all, { sets })).toEqual({ sets: [], wordings });
});

// https://www.statology.org/wilson-score-interval-calculator and R's prop.test without correction
test.each([
  [0, 10, [0, 27.8]],
  [10, 10, [72.2, 100]],
  [40, 100, [30.9, 49.8]],
])('the interval of %i right answers of %i', (right, of, interval) => {
  expect(wilson(right, of)).toEqual(interval);
});
