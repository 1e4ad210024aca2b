import type { Answer } from './ask-questions.ts';
import type { QuestionSets } from './question-sets.ts';
import { isRight } from './scoring-rules.ts';

/** How well the questions of a set were answered. */
export type SetResult = {
  readonly set: string;
  readonly title: string;
  readonly wording: 'trained' | number;
  readonly questions: number;
  /** Percent of right answers. */
  readonly right: number;
  /** Between which percentages the true accuracy lies with 95 % confidence (Wilson's interval). */
  readonly interval: readonly [number, number];
  /** Percent that always giving the best single answer would reach. */
  readonly chance: number;
  readonly goal: number | null;
};

/** A task in a trained wording and in others, on the same pictures. */
export type WordingResult = {
  readonly title: string;
  readonly questions: number;
  /** Percent of right answers in a wording of the training. */
  readonly trained: number;
  /** The same in each wording that was never trained on. */
  readonly unseen: readonly number[];
};

/** All that a model was asked. */
export type Evaluation = { readonly sets: readonly SetResult[]; readonly wordings: readonly WordingResult[] };

/** Sets of one task that differ in their wording are called so, with the number of the wording and the task. */
const reworded = /^wording-\d+-(.+)$/u;

/** Counts what was right. */
export function evaluationOf(answers: readonly Answer[], { sets }: Pick<QuestionSets, 'sets'>): Evaluation {
  const results = [...sets].flatMap(([set, { title, goal, wording }]): SetResult[] => {
    const own = answers.filter(({ question }) => question.set === set);
    if (own.length === 0) return [];
    const right = own.filter((answer) => answer.right).length;
    const common = { set, title, wording, goal, questions: own.length };
    return [{ ...common, right: percent(right, own.length), interval: wilson(right, own.length), chance: chance(own) }];
  });
  return { sets: results.filter(({ set }) => !reworded.test(set)), wordings: wordingsOf(results) };
}

function wordingsOf(results: readonly SetResult[]): readonly WordingResult[] {
  const tasks = new Map<string, SetResult[]>();
  for (const result of results) {
    const [, task] = reworded.exec(result.set) ?? [];
    if (task !== undefined) tasks.set(task, [...(tasks.get(task) ?? []), result]);
  }
  return [...tasks.values()].flatMap((task) => {
    const trained = task.find(({ wording }) => wording === 'trained');
    const unseen = task.filter(({ wording }) => wording !== 'trained').map(({ right }) => right);
    if (trained === undefined || unseen.length === 0) return [];
    const { title, questions, right } = trained;
    return [{ title, questions, trained: right, unseen }];
  });
}

function chance(answers: readonly Answer[]): number {
  const guesses = new Set(answers.map(({ question }) => question.answer));
  const counts = [...guesses].map(
    (guess) => answers.filter(({ question: { rule, answer } }) => isRight(rule, guess, answer)).length,
  );
  return percent(Math.max(...counts), answers.length);
}

function percent(count: number, of: number): number {
  return Math.round((1000 * count) / of) / 10;
}

/** Wilson's score interval with 95 % confidence, in percent. */
export function wilson(right: number, of: number): readonly [number, number] {
  const z = 1.96;
  const share = right / of;
  const middle = share + z ** 2 / (2 * of);
  const spread = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const bound = (value: number) => Math.max(0, Math.round((1000 * value) / (1 + z ** 2 / of)) / 10);
  return [bound(middle - spread), bound(middle + spread)];
}
