/** A graphics adapter, and what decides about its use. */
export type GraphicsAdapter = {
  readonly adapter: GPUAdapter;
  /** Vendor, architecture and description, as far as the browser tells them. */
  readonly name: string;
  /** Whether it computes in half precision (`shader-f16`). */
  readonly halfPrecision: boolean;
  /** Whether the processor only plays the adapter, which is slower than WebAssembly. */
  readonly emulated: boolean;
};

/** The adapter of this browser, or why there is none. */
export async function findGraphicsAdapter(): Promise<GraphicsAdapter | { readonly missing: string }> {
  // Typed as present, but absent outside secure contexts and in browsers without WebGPU.
  const gpu: GPU | undefined = navigator.gpu;
  if (gpu === undefined) {
    return { missing: self.isSecureContext ? 'this browser has no WebGPU' : 'WebGPU needs a secure page (https)' };
  }
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    return adapter === null ? { missing: 'the browser offers no graphics adapter' } : describe(adapter);
  } catch (error) {
    return { missing: `the browser refused a graphics adapter: ${String(error)}` };
  }
}

/**
 * A device with everything that the adapter has, as ONNX Runtime would ask for it. One of our own can be told apart and
 * given up when it is lost.
 *
 * @throws DOMException when the browser refuses it.
 */
export function requestDevice({ adapter }: GraphicsAdapter): Promise<GPUDevice> {
  const { limits } = adapter;
  const requiredLimits: Record<string, number> = {};
  for (const name of wantedLimits) requiredLimits[name] = limits[name];
  return adapter.requestDevice({ label: 'ovis', requiredLimits, requiredFeatures: wantedFeatures(adapter) });
}

const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** Least size of a subgroup that the attention of ONNX Runtime is written for; with fewer its results are wrong. */
const LEAST_SUBGROUP = 8;

function wantedFeatures({ features, info }: GPUAdapter): GPUFeatureName[] {
  const wanted: GPUFeatureName[] =
    info.subgroupMinSize >= LEAST_SUBGROUP ? ['shader-f16', 'subgroups'] : ['shader-f16'];
  return wanted.filter((name) => features.has(name));
}

/** Adapters that run on the processor, by the names that browsers give them. */
const emulators = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i;

function describe(adapter: GPUAdapter): GraphicsAdapter {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const name = [vendor, architecture, description === '' ? device : description]
    .filter((part) => part !== '')
    .join(' ');
  return {
    adapter,
    name: name === '' ? 'unnamed' : name,
    halfPrecision: adapter.features.has('shader-f16'),
    emulated: isFallbackAdapter || emulators.test(name),
  };
}
