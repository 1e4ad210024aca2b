import {
  generationTraits,
  InvalidArgumentError,
  type IndicatorName,
  type ModelDescription,
  type PromptSegment,
  type VisualItem,
} from '@ovis/core';

/** No context of the family holds more visual tokens than this, so larger counts are mistakes. */
const MAX_COUNT = 2 ** 24;

/**
 * The stretch of the sequence that a picture or video takes: its embeddings between indicators.
 *
 * - Native resolution: start, all embeddings, end. A video is one run of all frames.
 * - One view (1.0, 1.5): start, all embeddings, end; only the embeddings where the model has no indicators.
 * - Tiles: start, overview, end of overview; then, if the grid is larger than 1 x 1, the sub-images row by
 *   row with an indicator between columns and between rows; end.
 *
 * @throws InvalidArgumentError when the item's counts are impossible or contradict each other.
 */
export function visualSegments(item: VisualItem, index: number, model: ModelDescription): PromptSegment[] {
  const { views, indicators } = generationTraits[model.generation];
  const tokens = checkCount(item.tokensPerView, `tokensPerView of visual item ${index}`);
  const indicator = (name: IndicatorName): PromptSegment => ({ kind: 'indicator', index: indicators.indexOf(name) });
  const view = (number: number): PromptSegment => ({
    kind: 'visual',
    item: index,
    offset: number * tokens,
    length: tokens,
  });
  if (views !== 'tiles') {
    checkViews(item, index, 1);
    if (model.vision.indicators === 0) return [view(0)];
    return [indicator(`${item.kind}-start`), view(0), indicator(`${item.kind}-end`)];
  }
  const rows = checkCount(item.tiles?.rows ?? 1, `rows of visual item ${index}`);
  const columns = checkCount(item.tiles?.columns ?? 1, `columns of visual item ${index}`);
  const subImages = rows * columns === 1 ? 0 : rows * columns;
  checkViews(item, index, 1 + subImages);
  const segments = [indicator('image-start'), view(0), indicator('overview-end')];
  for (let number = 0; number < subImages; number++) {
    if (number > 0) segments.push(indicator(number % columns === 0 ? 'row' : 'column'));
    segments.push(view(1 + number));
  }
  return [...segments, indicator('image-end')];
}

function checkViews(item: VisualItem, index: number, expected: number): void {
  if (item.views !== expected) {
    throw new InvalidArgumentError(`Visual item ${index} has ${item.views} views; its layout has ${expected}.`);
  }
}

function checkCount(value: number, what: string): number {
  if (!Number.isInteger(value) || value < 1 || value > MAX_COUNT) {
    throw new InvalidArgumentError(`The ${what} is ${value}; expected an integer from 1 to ${MAX_COUNT}.`);
  }
  return value;
}
