/** How an answer is compared with the expected one; the same rules as `training/scoring.py`. */
export const scoringRules = ['exact', 'within-5-percent', 'same-things', 'says-unknown'] as const;

/** Name of a rule. */
export type ScoringRule = (typeof scoringRules)[number];

/** Whether an answer counts. */
export function isRight(rule: ScoringRule, text: string, expected: string): boolean {
  return rules[rule](text, expected);
}

const rules: Readonly<Record<ScoringRule, (text: string, expected: string) => boolean>> = {
  /** The same text, without regard to case, outer spaces and a full stop at the end. */
  exact: (text, expected) => normalised(text) === normalised(expected),
  /** The first number in the text is within 5 % of the expected one. */
  'within-5-percent': (text, expected) => {
    const [number] = /\d+(?:\.\d+)?/u.exec(text) ?? [];
    return number !== undefined && Math.abs(Number(number) - Number(expected)) <= 0.05 * Number(expected);
  },
  /** The same things with the same counts, in any order: "two red stars and a blue heart". */
  'same-things': (text, expected) => {
    const found = things(text);
    return found !== null && String(found) === String(things(expected));
  },
  /** The text says that it does not know, instead of naming something. */
  'says-unknown': (text) =>
    /\b(?:don't know|do not know|not sure|can't tell|cannot tell|don't recognize|unknown)\b/u.test(normalised(text)),
};

const numbers = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** What a text counts up, sorted, as `2 red star`; null when a part of it counts nothing. */
export function things(text: string): readonly string[] | null {
  const found: string[] = [];
  for (const part of normalised(text).split(/, | and /u)) {
    const [word = '', ...rest] = part.split(' ');
    const thing = rest.join(' ');
    if (word === 'a' || word === 'an') found.push(`1 ${thing}`);
    else if (numbers.includes(word)) found.push(`${numbers.indexOf(word)} ${singular(thing)}`);
    else return null;
  }
  return found.toSorted();
}

function singular(thing: string): string {
  return thing.replace(/(?<=s|x|ch)es$|s$/u, '');
}

function normalised(text: string): string {
  return text.replace(/\s+/gu, ' ').trim().replace(/\.+$/u, '').toLowerCase();
}
