import { attentionGraph, branchGraph } from '@ovis/testing';
import { expect, test } from 'vitest';
import { branchProbeModel, probeModel } from './probe-model.ts';

test('the probe models are graphs of the suite', () => {
  expect(Buffer.from(probeModel).toString('base64')).toBe(Buffer.from(attentionGraph.source).toString('base64'));
  expect(Buffer.from(branchProbeModel).toString('base64')).toBe(Buffer.from(branchGraph.source).toString('base64'));
});
