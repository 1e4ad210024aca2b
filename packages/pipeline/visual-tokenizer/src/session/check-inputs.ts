import { ShapeMismatchError, type ModelDescription } from '@ovis/core';
import type { PreparedVisual } from '../prepared-visual.ts';
import { viewsTogether } from '../tiles/views-together.ts';

/**
 * Checks the learned position table against the model.
 *
 * @throws ShapeMismatchError when it is missing, superfluous or of another size.
 */
export function checkPositions({ preprocessing, vision }: ModelDescription, positions: Float32Array | null): void {
  const side = preprocessing.kind === 'native' ? preprocessing.positionGrid : null;
  const expected = side === null ? null : side ** 2 * vision.hiddenSize;
  if ((positions?.length ?? null) === expected) return;
  throw new ShapeMismatchError(
    `The model needs ${expected === null ? 'no position table' : `a position table of ${expected} numbers`}; got ${positions === null ? 'none' : `one of ${positions.length}`}. Pass the table of the same bundle.`,
  );
}

/**
 * Checks that the angles of rows and columns fill the halves of a head.
 *
 * @throws ShapeMismatchError when the head size is no positive multiple of 4.
 */
export function checkRotaryHead({ preprocessing }: ModelDescription): void {
  const size = preprocessing.kind === 'native' ? preprocessing.rotaryHeadSize : null;
  if (size === null || (Number.isSafeInteger(size) && size > 0 && size % 4 === 0)) return;
  throw new ShapeMismatchError(
    `The head size of the 2-D rotary embedding must be a multiple of 4; got ${String(size)}. Convert the checkpoint again.`,
  );
}

/**
 * Checks that a picture was prepared for this model.
 *
 * @returns Visual tokens of a view, or of the views that make up the same tokens.
 * @throws ShapeMismatchError when patches or tokens do not fit.
 */
export function checkPrepared(prepared: PreparedVisual, { vision, preprocessing }: ModelDescription): number {
  const { views, patchesPerView, patches, item, grid, secondScale } = prepared;
  const together = viewsTogether({ preprocessing });
  const tokensPerView =
    preprocessing.kind === 'tiles' ? preprocessing.tokensPerView : patchesPerView / vision.mergeStride ** 2;
  const fits =
    views >= 1 &&
    views % together === 0 &&
    (secondScale === 'none') === (together === 1) &&
    patchesPerView === grid.height * grid.width &&
    patches.length === views * patchesPerView * 3 * vision.patchSize ** 2 &&
    item.views * item.tokensPerView === (views / together) * tokensPerView;
  if (fits) return tokensPerView;
  throw new ShapeMismatchError(
    `The picture was not prepared for this model: ${views} views of ${patchesPerView} patches with ${patches.length} numbers, ${item.views * item.tokensPerView} tokens. Prepare it with this model's description.`,
    { details: { views, patchesPerView, numbers: patches.length } },
  );
}
