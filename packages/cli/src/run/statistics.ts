import type { GenerateResult, Ovis } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { formatDuration } from '../output/format-numbers.ts';
import { formatTable } from '../output/format-table.ts';
import { styleOf } from '../output/style.ts';

/** One line per stage: what it took and how fast it was. */
export function statistics(
  { usage, timings, finishReason }: Pick<GenerateResult, 'usage' | 'timings' | 'finishReason'>,
  { loadTimings, device }: Pick<Ovis, 'loadTimings' | 'device'>,
  { stderr, env }: Pick<CliIo, 'stderr' | 'env'>,
): string {
  const { convertMs, verifyMs, tokenizerMs, sessionsMs, totalMs } = loadTimings;
  const { decodeImageMs, preprocessMs, visionMs, prefillMs, perTokenMs, firstTokenMs } = timings;
  const { textTokens, imageTokens, outputTokens } = usage;
  const load = [
    ...(convertMs > 0 ? [`convert ${formatDuration(convertMs)}`] : []),
    `verify ${formatDuration(verifyMs)}`,
    `tokenizer ${formatDuration(tokenizerMs)}`,
    `graphs ${formatDuration(sessionsMs)}`,
    `${device.kind}, ${device.runtime}`,
  ];
  const pictures =
    imageTokens === 0
      ? []
      : [
          [
            'pictures',
            formatDuration(decodeImageMs + preprocessMs),
            `decode ${formatDuration(decodeImageMs)}, prepare ${formatDuration(preprocessMs)}`,
          ],
          ['vision', formatDuration(visionMs), `${imageTokens} tokens${speed(imageTokens, visionMs)}`],
        ];
  const prompt = textTokens + imageTokens;
  const answerMs = perTokenMs * Math.max(0, outputTokens - 1);
  const rows = [
    ['load', formatDuration(totalMs), load.join(', ')],
    ...pictures,
    ['prefill', formatDuration(prefillMs), `${prompt} tokens${speed(prompt, prefillMs)}`],
    ['first token', formatDuration(firstTokenMs), 'after the question'],
    [
      'answer',
      formatDuration(answerMs),
      `${outputTokens} tokens${perTokenMs > 0 ? `, ${(1000 / perTokenMs).toFixed(1)} tokens/s` : ''}${end(finishReason)}`,
    ],
  ];
  return styleOf(stderr, env).dim(formatTable(rows, ['left', 'right', 'left']));
}

function speed(tokens: number, milliseconds: number): string {
  return milliseconds > 0 ? `, ${((1000 * tokens) / milliseconds).toFixed(0)} tokens/s` : '';
}

function end(reason: GenerateResult['finishReason']): string {
  return reason === 'length' ? '; cut off, see --max-new-tokens' : '';
}
