import { BackendUnavailableError } from '@ovis/core';
import type sharp from 'sharp';

/** The function that sharp exports. */
export type Sharp = typeof sharp;

/** @throws BackendUnavailableError when sharp is not installed or does not load here. */
export async function loadSharp(load: () => Promise<{ default: Sharp }> = () => import('sharp')): Promise<Sharp> {
  try {
    return (await load()).default;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const missing = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    throw new BackendUnavailableError(
      missing
        ? 'sharp, which decodes pictures, is not installed. Run: npm install sharp'
        : `sharp is installed but did not load on ${process.platform} ${process.arch}: ${String(error)}. Run: npm install sharp`,
      { cause: error },
    );
  }
}
