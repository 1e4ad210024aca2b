import { open } from 'node:fs/promises';
import { InvalidArgumentError, Ovis, type LoadOptions } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { createProgressDisplay } from '../output/progress-display.ts';
import { writeJson } from '../output/write-json.ts';
import { embeddedModel } from '../run/embedded-model.ts';
import { askQuestions, type Answer } from './ask-questions.ts';
import { chosenQuestions, type QuestionChoice } from './chosen-questions.ts';
import { evaluationOf } from './evaluation.ts';
import { evaluationTable } from './evaluation-table.ts';
import { readQuestionSets } from './question-sets.ts';

/** What the embedded model may be called. */
const EMBEDDED = 'nano';

/** Options of `ovis eval` after parsing. */
export type EvalCommandOptions = QuestionChoice &
  Pick<LoadOptions, 'device' | 'threads' | 'dtype'> & {
    readonly sets?: string | undefined;
    readonly answers?: string | undefined;
    readonly json?: boolean | undefined;
    readonly quiet?: boolean | undefined;
  };

/** Asks a model all questions and writes how many it answered right. */
export async function evaluate(model: string, options: EvalCommandOptions, io: CliIo): Promise<void> {
  const { json = false, quiet = false, answers: file, device, threads, dtype } = options;
  const sets = await readQuestionSets(options.sets ?? (await setsFor(model)));
  const questions = chosenQuestions(sets, options);
  const progress = await createProgressDisplay(io, quiet || json);
  const common = { onProgress: progress.report, signal: io.signal };
  const written = file === undefined ? null : await open(file, 'w');
  try {
    const folder = model === EMBEDDED ? embeddedModel(device) : model;
    await using ovis = await Ovis.load(folder, { ...common, device, threads, dtype });
    const answers: Answer[] = [];
    for await (const answer of askQuestions(ovis, questions, sets, common)) {
      answers.push(answer);
      await written?.write(answerLine(answer));
    }
    progress.clear();
    const evaluation = evaluationOf(answers, sets);
    if (json) writeJson(io.stdout, evaluation);
    else io.stdout.write(evaluationTable(evaluation, ovis.manifest));
  } finally {
    progress.clear();
    await written?.close();
  }
}

function answerLine({ question: { id, answer }, text, right }: Answer): string {
  return `${JSON.stringify({ id, answer: text, expected: answer, right })}\n`;
}

async function setsFor(model: string): Promise<string> {
  if (model !== EMBEDDED) {
    throw new InvalidArgumentError(`There are no questions for ${model}. Name a folder of some: --sets FOLDER.`);
  }
  try {
    const { nanoSetsPath } = await import('@ovis/nano-sets');
    return nanoSetsPath;
  } catch (error) {
    throw new InvalidArgumentError(
      'The questions for the embedded model are a package of their own: npm install @ovis/nano-sets',
      { cause: error },
    );
  }
}
