import { createBrowserDecoder } from '@ovis/backend-web';
import type { BundleManifest } from '@ovis/core';
import { servedBytes, servedJson } from '@ovis/testing/browser';
import { expect, test } from 'vitest';
import { preparedHash } from './prepared-pictures.ts';
import hashes from './prepared-pictures.json' with { type: 'json' };

const { model } = await servedJson<BundleManifest>('packages/nano/bundle/ovis.json');
const platform = {
  decoder: createBrowserDecoder(),
  read: (path: string) => servedBytes(`packages/testing/fixtures/${path}`),
};

test.each(Object.entries(hashes))('%s becomes the same numbers as in Node', async (path, hash) => {
  expect(await preparedHash(path, model, platform)).toBe(hash);
});
