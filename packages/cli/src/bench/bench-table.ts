import type { CliIo } from '../io/cli-io.ts';
import { formatBytes, formatDuration } from '../output/format-numbers.ts';
import { formatTable } from '../output/format-table.ts';
import { styleOf } from '../output/style.ts';
import { visibleControls } from '../output/visible-controls.ts';
import type { BenchSummary } from './bench-summary.ts';

/** What was measured, for people. */
export function benchTable(summary: BenchSummary, { stdout, env }: Pick<CliIo, 'stdout' | 'env'>): string {
  const { model, device, memory, memoryBandwidth } = summary;
  const style = styleOf(stdout, env);
  const { threads, adapter, kind, runtime } = device;
  const place = [
    adapter ?? kind,
    ...(threads === undefined ? [] : [`${threads} ${threads === 1 ? 'thread' : 'threads'}`]),
    runtime,
    `Node ${process.version.slice(1)}`,
  ];
  const rows = [
    loadRow(summary),
    ...pictureRows(summary),
    ...summary.prefill.map(({ length, tokensPerSecond, ms }) => [
      `read ${length}`,
      `${speed(tokensPerSecond)} tokens/s`,
      `${range((1000 * length) / ms.slowest, (1000 * length) / ms.fastest)}, ${formatDuration(ms.median)}`,
    ]),
    ...summary.decode.map(({ context, tokensPerSecond, shareOfMemory, ms }) => [
      `write at ${context}`,
      `${speed(tokensPerSecond)} tokens/s`,
      range(1000 / ms.slowest, 1000 / ms.fastest) +
        (shareOfMemory === null ? '' : `, ${(100 * shareOfMemory).toFixed(0)} % of memory`),
    ]),
    ['memory', formatBytes(memory.peakBytes), `at most; ${formatBytes(memory.loadedBytes)} after loading`],
  ];
  return [
    `${style.bold(visibleControls(model.name))} (language ${model.dtypes.decoder}, vision ${model.dtypes.vit}, `,
    `${formatBytes(model.bytes)}) on ${place.join(', ')}\n\n`,
    formatTable(rows, ['left', 'right', 'left']),
    ...(memoryBandwidth === null ? [] : [`\nMemory is read at ${formatBytes(memoryBandwidth)}/s.\n`]),
  ].join('');
}

function loadRow({ load }: BenchSummary): readonly string[] {
  const { convertMs, verifyMs, tokenizerMs, sessionsMs, totalMs } = load;
  const steps = [
    ...(convertMs > 0 ? [`convert ${formatDuration(convertMs)}`] : []),
    `verify ${formatDuration(verifyMs)}`,
    `tokenizer ${formatDuration(tokenizerMs)}`,
    `graphs ${formatDuration(sessionsMs)}`,
  ];
  return ['load', formatDuration(totalMs), steps.join(', ')];
}

function pictureRows({ picture }: BenchSummary): readonly (readonly string[])[] {
  if (picture === null) return [];
  const { height, width, visualTokens, prepareMs, visionMs } = picture;
  return [
    [
      `picture ${width} x ${height}`,
      formatDuration(visionMs.median),
      `(${formatDuration(visionMs.slowest)} to ${formatDuration(visionMs.fastest)}), ${visualTokens} tokens; ` +
        `prepared in ${formatDuration(prepareMs.median)}`,
    ],
  ];
}

function range(slowest: number, fastest: number): string {
  return `(${speed(slowest)} to ${speed(fastest)})`;
}

function speed(perSecond: number): string {
  return perSecond.toFixed(perSecond < 100 ? 1 : 0);
}
