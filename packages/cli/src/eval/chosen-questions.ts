import { InvalidArgumentError } from 'ovis/node';
import type { Question, QuestionSets } from './question-sets.ts';

/** Which questions are asked. */
export type QuestionChoice = {
  /** Names of sets; without it all. */
  readonly only?: readonly string[] | undefined;
  /** The first of each set; without it all. */
  readonly limit?: number | undefined;
};

/** @throws InvalidArgumentError when there is no set of that name. */
export function chosenQuestions(
  { questions, sets }: QuestionSets,
  { only, limit }: QuestionChoice,
): readonly Question[] {
  const unknown = only?.find((name) => !sets.has(name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`There is no set ${unknown}. There are: ${[...sets.keys()].join(', ')}.`);
  }
  const asked = new Map<string, number>();
  return questions.filter(({ set }) => {
    if (only !== undefined && !only.includes(set)) return false;
    const before = asked.get(set) ?? 0;
    asked.set(set, before + 1);
    return limit === undefined || before < limit;
  });
}
