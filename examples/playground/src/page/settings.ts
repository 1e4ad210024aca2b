import { effect, signal } from '@preact/signals';

/** What the user chose; kept for the next visit. */
export type Settings = {
  readonly theme: 'system' | 'light' | 'dark';
  readonly device: 'auto' | 'webgpu' | 'wasm';
  /** New tokens of an answer. */
  readonly maxNewTokens: number;
  /** Randomness, 0 for none. */
  readonly temperature: number;
  /** Whether a model that can thinks before it answers. */
  readonly thinking: boolean;
};

const KEY = 'ovis-playground-settings';

export const defaultSettings: Settings = {
  theme: 'system',
  device: 'auto',
  maxNewTokens: 512,
  temperature: 0,
  thinking: false,
};

/** Bounds of the numbers, as the fields show them. */
export const bounds = {
  maxNewTokens: { min: 1, max: 32_768, step: 1 },
  temperature: { min: 0, max: 2, step: 0.1 },
} as const;

export const settings = signal<Settings>(storedSettings());

effect(() => {
  const { theme } = settings.value;
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(KEY, JSON.stringify(settings.value));
  } catch {
    // Without storage they last as long as the page.
  }
});

/** Changes some settings. */
export function changeSettings(change: Partial<Settings>): void {
  settings.value = { ...settings.value, ...change };
}

function storedSettings(): Settings {
  let stored: Readonly<Record<string, unknown>>;
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    stored = typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    stored = {};
  }
  const { theme, device, maxNewTokens, temperature, thinking } = stored;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    device: device === 'webgpu' || device === 'wasm' ? device : 'auto',
    maxNewTokens: within(maxNewTokens, bounds.maxNewTokens) ?? defaultSettings.maxNewTokens,
    temperature: within(temperature, bounds.temperature) ?? defaultSettings.temperature,
    thinking: thinking === true,
  };
}

function within(value: unknown, { min, max }: { readonly min: number; readonly max: number }): number | null {
  return typeof value === 'number' && value >= min && value <= max ? value : null;
}
