import type { FixtureCase } from './fixture-case.ts';
import { parseSafetensors } from './parse-safetensors.ts';

/** URL of a file of the repository on a test page: `servedUrl('packages/nano/bundle/ovis.json')`. */
export function servedUrl(path: string): URL {
  // Not `new URL(..., import.meta.url)` in one piece: Vite would take that for a file beside this one.
  const here = import.meta.url;
  return new URL(`/${path}`, here);
}

/** Bytes of a file of the repository. */
export async function servedBytes(path: string): Promise<Uint8Array> {
  const response = await fetch(servedUrl(path));
  if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** A JSON file of the repository, taken for what the test says it is. */
export async function servedJson<T>(path: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await servedBytes(path))) as T;
}

/** Which bundle of a fixture is wanted. */
export type BundleChoice = {
  /** Device that its graphs are for. Default: `cpu`, also for WebAssembly. */
  readonly device?: 'cpu' | 'webgpu';
  /** Default: `f32`. */
  readonly dtype?: string;
  /** Most bytes of one data file. Default: that of the converter. */
  readonly shardBytes?: number;
  /** Whether the graphs show their intermediate stages. Default: false. */
  readonly intermediates?: boolean;
};

/**
 * URL of the folder (with a `/` at its end) in which the test server converts `packages/testing/fixtures/<model>`
 * when a file of it is first asked for.
 */
export function bundleUrl(model: string, choice: BundleChoice = {}): URL {
  const { device = 'cpu', ...others } = choice;
  const options = Object.entries({ device, ...others }).map(([name, value]) => `${name}=${value}`);
  return servedUrl(`converted/${model}/${options.join('&')}/`);
}

/** All cases of `packages/testing/fixtures/<model>`, as `fixtureCases` has them in Node. */
export async function servedCases<T>(model: string): Promise<FixtureCase<T>[]> {
  const folder = `packages/testing/fixtures/${model}`;
  const { cases } = await servedJson<{ readonly cases: readonly string[] }>(`${folder}/fixture.json`);
  return Promise.all(
    cases.map(async (name) => ({
      name,
      description: await servedJson<T>(`${folder}/cases/${name}/case.json`),
      tensors: parseSafetensors(await servedBytes(`${folder}/cases/${name}/tensors.safetensors`)),
    })),
  );
}
