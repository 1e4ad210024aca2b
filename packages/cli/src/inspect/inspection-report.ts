import type { ModelDescription } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { formatBytes, formatCount } from '../output/format-numbers.ts';
import { formatTable } from '../output/format-table.ts';
import { styleOf } from '../output/style.ts';
import { visibleControls } from '../output/visible-controls.ts';
import { bundleTables, checkpointTables } from './inspection-tables.ts';
import type { Inspection } from './inspection.ts';

/** An inspection as tables for people. */
export function inspectionReport(inspection: Inspection, { stdout, env }: Pick<CliIo, 'stdout' | 'env'>): string {
  const style = styleOf(stdout, env);
  const { name, kind, generation, warnings } = inspection;
  return [
    `${style.bold(visibleControls(name))}: a ${kind} of Ovis ${generation}\n\n`,
    formatTable(facts(inspection), ['left', 'left']),
    ...(inspection.kind === 'bundle' ? bundleTables(inspection, style) : checkpointTables(inspection, style)),
    ...warnings.map((warning) => `\n${style.yellow('Warning:')} ${visibleControls(warning)}\n`),
  ].join('');
}

function facts(inspection: Inspection): readonly (readonly string[])[] {
  const { path, architecture, modelType, model, parameters, bytes } = inspection;
  const { vision, language } = model;
  return [
    ['path', path],
    ['architecture', `${architecture} (${modelType}): ${vision.architecture} + ${language.architecture}`],
    [
      'vision',
      `${vision.layers} layers, ${vision.hiddenSize} wide, ${vision.heads} heads, patches of ${vision.patchSize} px, ` +
        `${formatCount(vision.visualVocabularySize)} visual words`,
    ],
    [
      'language',
      `${language.layers} layers, ${language.hiddenSize} wide, ${language.heads} heads ` +
        `(${language.keyValueHeads} for keys and values), ${formatCount(language.vocabularySize)} tokens, ` +
        `context ${formatCount(language.contextLength)}`,
    ],
    ['pictures', pictures(model)],
    ['parameters', formatCount(parameters)],
    ['size', formatBytes(bytes)],
    ...(inspection.quantisation === null ? [] : [['quantised', visibleControls(inspection.quantisation)]]),
    ...(inspection.kind === 'bundle'
      ? [['made', `for ${inspection.device}, by converter ${inspection.converter}`]]
      : [['tensors', formatCount(inspection.tensors)]]),
  ];
}

function pictures({ preprocessing }: ModelDescription): string {
  if (preprocessing.kind === 'tiles') {
    const { side, maxPartition, tokensPerView } = preprocessing;
    const views = maxPartition === 1 ? 'one view' : `an overview and up to ${maxPartition} sub-images`;
    return `${views} of ${side} x ${side} px, ${tokensPerView} tokens each`;
  }
  const { minPixels, maxPixels } = preprocessing;
  return `native resolution, ${formatCount(minPixels)} to ${formatCount(maxPixels)} px`;
}
