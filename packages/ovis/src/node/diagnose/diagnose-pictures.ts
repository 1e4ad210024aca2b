import { sharpVersions } from '@ovis/backend-node';
import { BackendUnavailableError } from '@ovis/core';
import type { Finding } from './diagnosis-types.ts';

/** Whether sharp, which decodes most pictures, is there and loads. */
export async function diagnosePictures(versions: typeof sharpVersions = sharpVersions): Promise<Finding> {
  try {
    const { sharp, vips } = await versions();
    const text = `sharp ${sharp} with libvips ${vips}`;
    return { area: 'pictures', state: 'good', text, more: [], details: { sharp, vips } };
  } catch (error) {
    if (!BackendUnavailableError.isInstance(error)) throw error;
    return { area: 'pictures', state: 'bad', text: error.message, more: [], details: {} };
  }
}
