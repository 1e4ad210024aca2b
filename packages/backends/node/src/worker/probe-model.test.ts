import { attentionGraph } from '@ovis/testing';
import { expect, test } from 'vitest';
import { probeModel } from './probe-model.ts';

test('the probe model is the attention graph of the suite', () => {
  expect(Buffer.from(probeModel).toString('base64')).toBe(Buffer.from(attentionGraph.source).toString('base64'));
});
