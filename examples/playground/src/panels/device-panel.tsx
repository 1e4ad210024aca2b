import { modelState } from '../model/model-state.ts';
import { bytes, count } from '../page/units.ts';
import { Fact } from './speed-panel.tsx';

/** What runs, where, and why there. */
export function DevicePanel() {
  const model = modelState.value;
  if (model.kind !== 'ready') return null;
  const { device, manifest } = model.ovis;
  const parameters = Object.values(manifest.parameters).reduce((sum, part) => sum + part, 0);
  const size = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <section class="panel" aria-labelledby="device-title">
      <h2 id="device-title">Model and device</h2>
      <dl class="facts-list">
        <Fact name="Model">{manifest.model.name}</Fact>
        <Fact name="Generation">{manifest.model.generation}</Fact>
        <Fact name="Parameters">{count(parameters)}</Fact>
        <Fact name="Files">
          {bytes(size)}, {manifest.dtypes.decoder}
        </Fact>
        <Fact name="Context">{count(manifest.model.language.contextLength)} tokens</Fact>
        <Fact name="Runs on">{deviceName(device.kind)}</Fact>
        {device.adapter !== undefined && <Fact name="Adapter">{device.adapter}</Fact>}
        <Fact name="Runtime">{device.runtime}</Fact>
      </dl>
      <h3>Why there</h3>
      <ul class="reasons">
        {device.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
        {!crossOriginIsolated && <li>{threadsHint()}</li>}
      </ul>
    </section>
  );
}

/** A device as people call it. */
export function deviceName(kind: string): string {
  return kind === 'webgpu' ? 'WebGPU' : kind === 'wasm' ? 'WebAssembly' : kind;
}

function threadsHint(): string {
  return navigator.serviceWorker?.controller
    ? 'this visit has one thread: load the page again for more'
    : 'the server does not isolate this page, so WebAssembly has one thread';
}
