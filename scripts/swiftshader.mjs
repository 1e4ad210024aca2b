// Vulkan in software for the WebGPU provider of onnxruntime-node, on Linux without a GPU. Chromium ships what
// it takes: SwiftShader with its description, and mostly the loader (libvulkan.so.1) too.
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { findChromium } from './chromium.mjs';

/** Keeps a library in the process after its handle was closed; glibc has it, os.constants does not. */
const RTLD_NODELETE = 0x1000;

/**
 * Lets this process find SwiftShader, threads included. Call it on the main thread before the first WebGPU session.
 *
 * @returns {Promise<boolean>} Whether there is one.
 */
export async function useSwiftShader() {
  if (process.platform !== 'linux') return false;
  const chromium = await findChromium().catch(() => undefined);
  if (chromium === undefined) return false;
  const folders = [dirname(chromium.executablePath), '/usr/lib/chromium', '/opt/google/chrome'];
  const folder = folders.find((path) => existsSync(join(path, 'vk_swiftshader_icd.json')));
  if (folder === undefined) return false;
  process.env.VK_ICD_FILENAMES = join(folder, 'vk_swiftshader_icd.json');
  const loader = join(folder, 'libvulkan.so.1');
  if (existsSync(loader)) keepLibrary(loader);
  return true;
}

/** Loads a shared object for good, so that the runtime finds it by its name. */
function keepLibrary(path) {
  const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen;
  try {
    process.dlopen({ exports: {} }, path, RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
  } catch (error) {
    // Node misses its own entry point in the library and closes the handle, which does not unload it.
    if (!String(error).includes('self-register')) throw error;
  }
}
