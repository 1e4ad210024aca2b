import { expect, test } from 'vitest';
import { mapPictures, type MessageWith } from './map-pictures.ts';

const named = (picture: number) => Promise.resolve(`picture ${picture}`);

test('replaces every picture and frame, in order, and nothing else', async () => {
  const taken: number[] = [];
  const take = (picture: number) => {
    taken.push(picture);
    return named(picture);
  };
  const messages: readonly MessageWith<number>[] = [
    { role: 'system', content: 'be brief' },
    {
      role: 'user',
      content: [
        { type: 'image', image: 1 },
        { type: 'text', text: 'and' },
        { type: 'video', frames: [2, 3] },
      ],
    },
    { role: 'user', content: [{ type: 'image', image: 4 }] },
  ];
  expect(await mapPictures(messages, take)).toEqual([
    { role: 'system', content: 'be brief' },
    {
      role: 'user',
      content: [
        { type: 'image', image: 'picture 1' },
        { type: 'text', text: 'and' },
        { type: 'video', frames: ['picture 2', 'picture 3'] },
      ],
    },
    { role: 'user', content: [{ type: 'image', image: 'picture 4' }] },
  ]);
  expect(taken).toEqual([1, 2, 3, 4]);
});

test.each([
  [3],
  [[{ role: 'user', content: 3 }]],
  [[{ role: 'user', content: [{ type: 'image' }] }]],
  [[{ role: 'user', content: [{ type: 'video', frames: 3 }] }]],
  [[{ role: 'user', content: [{ type: 'sound' }] }]],
])('leaves what is malformed as it is (%#)', async (messages) => {
  expect(await mapPictures(messages as unknown as readonly MessageWith<number>[], named)).toEqual(messages);
});
