import { canThink } from '../conversation/conversation.ts';
import { modelState, reloadModel } from '../model/model-state.ts';
import { bounds, changeSettings, settings, type Settings } from '../page/settings.ts';
import { Dialog } from './dialog.tsx';

const devices = [
  ['auto', 'Automatic', 'WebGPU where the model is laid out for it and the adapter suffices, else WebAssembly'],
  ['webgpu', 'WebGPU', 'the graphics adapter'],
  ['wasm', 'WebAssembly', 'the processor'],
] as const;

const themes = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** How the model runs and answers. Changes count at once. */
export function SettingsDialog() {
  const { device, theme, maxNewTokens, temperature, thinking } = settings.value;
  const model = modelState.value;
  const thinks = model.kind === 'ready' && canThink(model.ovis);
  return (
    <Dialog title="Settings">
      <fieldset class="choices">
        <legend>Device</legend>
        {devices.map(([value, label, hint]) => (
          <label key={value}>
            <input type="radio" name="device" checked={device === value} onChange={() => useDevice(value)} />
            <span>
              {label}
              <small>{hint}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <NumberField
        label="Tokens of an answer at most"
        value={maxNewTokens}
        bounds={bounds.maxNewTokens}
        onValue={(value) => changeSettings({ maxNewTokens: Math.round(value) })}
      />
      <NumberField
        label="Temperature"
        hint="0 always takes the most likely token; higher is more varied."
        value={temperature}
        bounds={bounds.temperature}
        onValue={(value) => changeSettings({ temperature: value })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={thinking && thinks}
          disabled={!thinks}
          onChange={({ currentTarget }) => changeSettings({ thinking: currentTarget.checked })}
        />
        <span>
          Think before answering
          <small>{thinks ? 'Longer, often better.' : 'This model cannot: generation 2.5 and later can.'}</small>
        </span>
      </label>
      <fieldset class="segments wide">
        <legend>Colours</legend>
        {themes.map(([value, label]) => (
          <label key={value}>
            <input
              type="radio"
              name="theme"
              checked={theme === value}
              onChange={() => changeSettings({ theme: value })}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}

function useDevice(device: Settings['device']): void {
  changeSettings({ device });
  void reloadModel();
}

type NumberProps = {
  readonly label: string;
  readonly hint?: string;
  readonly value: number;
  readonly bounds: { readonly min: number; readonly max: number; readonly step: number };
  readonly onValue: (value: number) => void;
};

/** A number within bounds; others are not taken. */
function NumberField({ label, hint, value, bounds: { min, max, step }, onValue }: NumberProps) {
  return (
    <label class="field">
      <span>{label}</span>
      {hint !== undefined && <small>{hint}</small>}
      <input
        type="number"
        min={min}
        max={max}
        step={step}
        value={value}
        onChange={({ currentTarget }) => {
          const next = currentTarget.valueAsNumber;
          if (next >= min && next <= max) onValue(next);
          else currentTarget.value = String(value);
        }}
      />
    </label>
  );
}
