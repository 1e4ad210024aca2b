import { nanoBundlePath, nanoWebGpuBundlePath } from '@ovis/nano';

/** Folder of the embedded model as it was converted for a device. */
export function embeddedModel(device: string | undefined): string {
  return device === 'webgpu' ? nanoWebGpuBundlePath : nanoBundlePath;
}
