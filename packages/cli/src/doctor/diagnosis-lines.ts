import type { Diagnosis, Finding } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { styleOf } from '../output/style.ts';
import { visibleControls } from '../output/visible-controls.ts';

const marks = { good: 'ok', note: '--', bad: '!!' } as const satisfies Record<Finding['state'], string>;

/** Width of the column of areas. */
const COLUMN = 10;

/** A diagnosis for people, one line per finding and what belongs to it below. */
export function diagnosisLines(
  { works, findings }: Diagnosis,
  model: string | null,
  { stdout, env }: Pick<CliIo, 'stdout' | 'env'>,
): string {
  const style = styleOf(stdout, env);
  const paint = {
    good: (text: string) => text,
    note: (text: string) => style.dim(text),
    bad: (text: string) => style.red(text),
  };
  const lines = findings.flatMap(({ area, state, text, more }) => [
    `${paint[state](marks[state])}  ${area.padEnd(COLUMN)}  ${visibleControls(text)}`,
    ...more.map((line) => style.dim(`    ${''.padEnd(COLUMN)}  ${visibleControls(line)}`)),
  ]);
  const subject = model === null ? 'Models' : visibleControls(model);
  const verdict = works ? `${subject} can run here.` : `${subject} cannot run here: see the lines with !!.`;
  return `${lines.join('\n')}\n\n${works ? verdict : style.red(verdict)}\n`;
}
