import type { CheckpointConfig } from '../checkpoint/checkpoint-config.ts';
import type { Lowering } from '../lowering/lowering.ts';
import { textTable } from '../models/text-table.ts';
import type { GraphWeight, WeightExpression } from '../weights/weight-expression.ts';

/** Name of the output head, which tied checkpoints may store as well. */
export const TEXT_HEAD = 'llm.lm_head.weight';

/** The matrices that the host reads, as weights without a graph. */
export type BundleTables = {
  readonly textEmbeddings: GraphWeight;
  readonly visualIndicators: GraphWeight;
  readonly visualPositions: GraphWeight | null;
};

/** Tables of a model. Indicators and positions are small and stay float32. */
export function bundleTables({ language, vision }: CheckpointConfig, lowering: Lowering): BundleTables {
  const { hiddenSize: width } = language;
  const words = vision.visualVocabularySize;
  const tableRows = words + vision.indicators;
  const table = tensor('vte.weight', [tableRows, width]);
  const positions = 'visual_tokenizer.vit.vision_model.embeddings.position_embedding.weight';
  const isNative = vision.modelType === 'siglip2_navit';
  return {
    textEmbeddings: textTable(language, lowering),
    visualIndicators: {
      name: 'visual indicators',
      part: 'visualTable',
      expression: vision.indicators === 0 ? zeroRow(width) : { op: 'rows', of: table, start: words, end: tableRows },
      storage: { kind: 'f32', transposed: false },
    },
    visualPositions:
      isNative && vision.learnedPositions
        ? {
            name: 'visual positions',
            part: 'vit',
            expression: tensor(positions, [vision.gridSide ** 2, vision.hiddenSize]),
            storage: { kind: 'f32', transposed: false },
          }
        : null,
  };
}

/** Stands where a model has no indicators: a table has at least one row, even if nobody reads it. */
function zeroRow(width: number): WeightExpression {
  return { op: 'values', shape: [1, width], data: new Float32Array(width) };
}

function tensor(name: string, shape: readonly number[]): WeightExpression {
  return { op: 'tensor', name, shape };
}
