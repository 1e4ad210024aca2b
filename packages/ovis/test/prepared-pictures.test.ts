import { createSharpDecoder } from '@ovis/backend-node';
import type { BundleManifest } from '@ovis/core';
import { fixtureBytes } from '@ovis/testing';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { preparedHash } from './prepared-pictures.ts';
import hashes from './prepared-pictures.json' with { type: 'json' };

const { model } = JSON.parse(
  readFileSync(new URL('../../nano/bundle/ovis.json', import.meta.url), 'utf8'),
) as BundleManifest;
const platform = {
  decoder: await createSharpDecoder(),
  read: (path: string) => Promise.resolve(new Uint8Array(fixtureBytes(path))),
};

test.each(Object.entries(hashes))('%s becomes the same numbers as in a browser', async (path, hash) => {
  expect(await preparedHash(path, model, platform)).toBe(hash);
});
