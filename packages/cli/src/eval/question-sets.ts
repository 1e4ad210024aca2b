import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError } from 'ovis/node';
import * as v from 'valibot';
import { scoringRules, type ScoringRule } from './scoring-rules.ts';

/** One question about pictures, and the answer that counts. */
export type Question = {
  readonly id: string;
  /** Name of its {@link QuestionSet}. */
  readonly set: string;
  /** File names in the folder `images`, in the order in which the question speaks of them. */
  readonly images: readonly string[];
  readonly question: string;
  readonly answer: string;
  readonly rule: ScoringRule;
};

/** What the questions of a set have in common. */
export type QuestionSet = {
  readonly title: string;
  /** Percent of right answers that the model is meant to reach; null where nobody set a goal. */
  readonly goal: number | null;
  /** `trained`, or the number of a wording that the model has not been trained on. */
  readonly wording: 'trained' | number;
};

/** Questions of a folder in the order of its file, and their sets by name. */
export type QuestionSets = {
  readonly folder: string;
  readonly questions: readonly Question[];
  readonly sets: ReadonlyMap<string, QuestionSet>;
};

// Bounds that keep a made-up folder from asking for absurd work.
const MOST_BYTES = 64 * 2 ** 20;
const MOST_QUESTIONS = 200_000;
const MOST_IMAGES = 8;

const name = v.pipe(v.string(), v.regex(/^[\w-]{1,80}$/u));
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4000));
const questionSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  set: name,
  // No folders: whoever wrote the list may not read other files.
  images: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[\w-][\w.-]{0,199}$/u))), v.maxLength(MOST_IMAGES)),
  question: text,
  answer: text,
  rule: v.picklist(scoringRules),
});
const setsSchema = v.object({
  sets: v.record(
    name,
    v.object({
      title: text,
      goal: v.nullable(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
      wording: v.union([v.literal('trained'), v.pipe(v.number(), v.safeInteger(), v.minValue(1))]),
    }),
  ),
});

/**
 * Reads `sets.json` and `questions.jsonl` of a folder.
 *
 * @throws InvalidArgumentError when the folder does not hold them, or they are not what they should be.
 */
export async function readQuestionSets(folder: string): Promise<QuestionSets> {
  const described = checked(setsSchema, parsed(await content(folder, 'sets.json'), 'sets.json'), 'sets.json');
  const sets = new Map(Object.entries(described.sets));
  const lines = (await content(folder, 'questions.jsonl')).split('\n').filter((line) => line.trim() !== '');
  if (lines.length > MOST_QUESTIONS) {
    throw new InvalidArgumentError(
      `questions.jsonl holds ${lines.length} questions; at most ${MOST_QUESTIONS} are read.`,
    );
  }
  const questions = lines.map((line, index) => {
    const place = `questions.jsonl, line ${index + 1}`;
    const question = checked(questionSchema, parsed(line, place), place);
    if (!sets.has(question.set)) throw new InvalidArgumentError(`${place}: sets.json has no set ${question.set}.`);
    return question;
  });
  return { folder, questions, sets };
}

/** Path of a picture. */
export function picturePath({ folder }: QuestionSets, image: string): string {
  return join(folder, 'images', image);
}

async function content(folder: string, file: string): Promise<string> {
  const path = join(folder, file);
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES)
      throw new InvalidArgumentError(`${path} is ${size} bytes long; at most ${MOST_BYTES} are read.`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw error;
    throw new InvalidArgumentError(
      `${path} cannot be read. A folder of questions holds sets.json, questions.jsonl and images/.`,
      { cause: error },
    );
  }
}

function parsed(json: string, place: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new InvalidArgumentError(`${place} is no JSON.`, { cause: error });
  }
}

function checked<S extends v.GenericSchema>(schema: S, value: unknown, place: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new InvalidArgumentError(`${place}: ${v.getDotPath(issue) ?? 'the whole'}: ${issue.message}.`);
}
