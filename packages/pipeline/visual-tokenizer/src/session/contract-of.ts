import {
  nativeVisualTokenizerContract,
  tiledVisualTokenizerContract,
  twoScaleVisualTokenizerContract,
  type GraphContract,
  type ModelDescription,
} from '@ovis/core';
import { viewsTogether } from '../tiles/views-together.ts';

/** What the graph of a model promises. */
export function contractOf(model: ModelDescription): GraphContract {
  if (model.preprocessing.kind === 'native') return nativeVisualTokenizerContract;
  return viewsTogether(model) === 1 ? tiledVisualTokenizerContract : twoScaleVisualTokenizerContract;
}
