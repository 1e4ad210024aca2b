import type { BundleManifest } from 'ovis/node';
import { formatTable } from '../output/format-table.ts';
import type { Evaluation, SetResult, WordingResult } from './evaluation.ts';

/** The result for people: a row for each task, and one for each task in other words. */
export function evaluationTable({ sets, wordings }: Evaluation, { model, dtypes }: BundleManifest): string {
  const title = `${model.name}: decoder ${dtypes.decoder}, vision ${dtypes.vit}\n\n`;
  const tasks = formatTable(
    [['task', 'questions', 'right', '95 % interval', 'goal', 'chance'], ...sets.map(taskRow)],
    ['left', 'right', 'right', 'right', 'right', 'right'],
  );
  if (wordings.length === 0) return title + tasks;
  const words = formatTable(
    [['the same in other words', 'pictures', 'trained', 'unseen', 'worst'], ...wordings.map(wordingRow)],
    ['left', 'right', 'right', 'right', 'right'],
  );
  return `${title}${tasks}\n${words}`;
}

function taskRow({ title, questions, right, interval: [from, to], goal, chance }: SetResult): readonly string[] {
  const interval = `${from.toFixed(1)} to ${to.toFixed(1)}`;
  return [title, String(questions), percent(right), interval, goal === null ? '-' : `${goal} %`, percent(chance)];
}

function wordingRow({ title, questions, trained, unseen }: WordingResult): readonly string[] {
  const mean = unseen.reduce((sum, value) => sum + value, 0) / unseen.length;
  return [title, String(questions), percent(trained), percent(mean), percent(Math.min(...unseen))];
}

function percent(value: number): string {
  return `${value.toFixed(1)} %`;
}
