import type { DeviceKind, WeightDtype } from '@ovis/core';
import type { OpenOptions } from '../open-model.ts';

/** How a model is loaded in Node. */
export type LoadOptions = OpenOptions & {
  /** Where graphs run. Default: `auto`, the processor unless something better is known to work. */
  readonly device?: 'auto' | Exclude<DeviceKind, 'wasm'> | undefined;
  /** Threads of the processor, in [1, 256]. Default: one per physical core. */
  readonly threads?: number | undefined;
  /**
   * Whether threads that wait for the next operator stay awake for a moment (`on`), which answers faster, or sleep (`off`),
   * which leaves the processor to others. Default: `on`.
   */
  readonly spinning?: 'on' | 'off' | undefined;
  /** Storage of a checkpoint's weights when it is converted. Default: `int8`. A bundle has its own. */
  readonly dtype?: WeightDtype | undefined;
  /**
   * Where converted checkpoints are kept. Default: `$OVIS_CACHE`, else `ovis` in the user's cache folder
   * (`$XDG_CACHE_HOME`, `~/.cache`, `~/Library/Caches`, `%LOCALAPPDATA%`).
   */
  readonly cacheFolder?: string | undefined;
  /** Pictures with more pixels are refused. Default: 178,956,970, as in Pillow. */
  readonly maxImagePixels?: number | undefined;
};
