import { InvalidArgumentError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { describeModel, nativeItem, tiledImage } from '../test/fixture-model.ts';
import { visualSegments } from './visual-segments.ts';

const ovis2 = describeModel('2');
const ovis25 = describeModel('2.5');

/** Indicators as the official ids, visual segments as their offset. */
function shortForm(segments: ReturnType<typeof visualSegments>): (number | string)[] {
  return segments.map((segment) => {
    if (segment.kind === 'indicator') return -301 - segment.index;
    return segment.kind === 'visual' ? `${segment.item}:${segment.offset}+${segment.length}` : 'text';
  });
}

test('one tile is the whole picture, the end of the overview included', () => {
  expect(shortForm(visualSegments(tiledImage(1, 1), 3, ovis2))).toEqual([-301, '3:0+4', -302, -305]);
});

test('tiles stand row by row after the overview', () => {
  const overview = [-301, '0:0+256', -302];
  const firstRow = ['0:256+256', -303, '0:512+256', -303, '0:768+256'];
  const secondRow = ['0:1024+256', -303, '0:1280+256', -303, '0:1536+256'];
  expect(shortForm(visualSegments(tiledImage(2, 3, 256), 0, ovis2))).toEqual([
    ...overview,
    ...firstRow,
    -304,
    ...secondRow,
    -305,
  ]);
});

test('a column of tiles has indicators between rows only', () => {
  expect(shortForm(visualSegments(tiledImage(2, 1), 0, ovis2))).toEqual([
    -301,
    '0:0+4',
    -302,
    '0:4+4',
    -304,
    '0:8+4',
    -305,
  ]);
});

test('a 3 x 3 grid of Ovis2 takes 10 * 256 + 11 positions', () => {
  const segments = visualSegments(tiledImage(3, 3, 256), 0, ovis2);
  expect(segments.reduce((sum, segment) => sum + (segment.kind === 'visual' ? segment.length : 1), 0)).toBe(2571);
});

test('pictures and videos of native resolution are one run', () => {
  expect(shortForm(visualSegments(nativeItem('image', 8), 0, ovis25))).toEqual([-301, '0:0+8', -302]);
  expect(shortForm(visualSegments(nativeItem('video', 24), 1, ovis25))).toEqual([-303, '1:0+24', -304]);
});

describe('counts that contradict each other are an InvalidArgumentError', () => {
  test.each([
    ['fewer views than tiles', { ...tiledImage(2, 2), views: 4 }, ovis2],
    ['tiles without an overview', { ...tiledImage(1, 1), views: 2 }, ovis2],
    ['no rows', { ...tiledImage(1, 1), tiles: { rows: 0, columns: 1 } }, ovis2],
    ['half a column', { ...tiledImage(1, 1), tiles: { rows: 1, columns: 0.5 } }, ovis2],
    ['views at native resolution', { ...nativeItem('video', 8), views: 2 }, ovis25],
    ['no tokens', nativeItem('image', 0), ovis25],
  ])('%s', (_, item, model) => {
    expect(() => visualSegments(item, 0, model)).toThrow(InvalidArgumentError);
  });
});
