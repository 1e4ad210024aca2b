import type { Lowering } from '../lowering/lowering.ts';
import { anywhereIn } from '../lowering/matrix-place.ts';
import type { MatrixStorage } from '../lowering/weight-storage.ts';
import type { LanguageModelConfig } from '../checkpoint/language-model-config.ts';
import type { GraphWeight, WeightStorage } from '../weights/weight-expression.ts';

/** Name of the text embedding in official checkpoints. */
export const TEXT_EMBEDDING = 'llm.model.embed_tokens.weight';

/** The text embedding `[N, D]`, of which host and graphs read rows. */
export function textTable({ vocabularySize, hiddenSize }: LanguageModelConfig, lowering: Lowering): GraphWeight {
  return {
    name: 'text_embeddings',
    part: 'textTable',
    expression: { op: 'tensor', name: TEXT_EMBEDDING, shape: [vocabularySize, hiddenSize] },
    storage: rowStorage(lowering.storageOf(anywhereIn('textTable'), hiddenSize)),
  };
}

/** Whoever reads rows would find them scattered in a matrix of columns. */
function rowStorage(storage: MatrixStorage): WeightStorage {
  if (storage.kind === 'columns') throw new TypeError('A table of rows cannot be stored in columns.');
  return storage.kind === 'blocks' ? storage : { kind: storage.kind, transposed: false };
}
