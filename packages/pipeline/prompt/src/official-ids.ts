import { generationTraits, type ModelDescription, type PromptLayout } from '@ovis/core';

/** A prompt as the arrays of the official code, for comparison. */
export type OfficialIds = {
  /** Token ids, with one marker per picture (-200) or video (-201). */
  readonly promptIds: readonly number[];
  /**
   * Token ids, with indicators (-301 on) and atoms (-300): one per sub-image of generations with tiles, one
   * per embedding of generations with native resolution. Generations before 1.6 keep their markers.
   */
  readonly inputIds: readonly number[];
};

const IMAGE_MARKER = -200;
const VIDEO_MARKER = -201;
const ATOM = -300;
const FIRST_INDICATOR = -301;

/** Writes a layout down as the official code does (`ovis/util/constants.py`). */
export function officialIds(layout: PromptLayout, model: ModelDescription): OfficialIds {
  const { views, indicators } = generationTraits[model.generation];
  const promptIds: number[] = [];
  const inputIds: number[] = [];
  for (const segment of layout.segments) {
    switch (segment.kind) {
      case 'text':
        for (const id of segment.ids) {
          promptIds.push(id);
          inputIds.push(id);
        }
        break;
      case 'indicator': {
        inputIds.push(FIRST_INDICATOR - segment.index);
        const name = indicators[segment.index];
        // Models of one view may have no indicators, so there the view stands for the marker.
        if (name === 'image-start' && views !== 'single') promptIds.push(IMAGE_MARKER);
        if (name === 'video-start') promptIds.push(VIDEO_MARKER);
        break;
      }
      case 'visual': {
        if (views === 'single') promptIds.push(IMAGE_MARKER);
        const atoms = views === 'native' ? segment.length : 1;
        for (let atom = 0; atom < atoms; atom++) inputIds.push(ATOM);
      }
    }
  }
  return { promptIds, inputIds: views === 'single' ? promptIds : inputIds };
}
