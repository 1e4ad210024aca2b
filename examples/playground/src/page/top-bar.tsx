import { clearConversation, turns } from '../conversation/conversation.ts';
import { openDialog } from '../dialogs/open-dialog.ts';
import { insideOpen, isNarrow } from '../look/looked-at.ts';
import { modelState } from '../model/model-state.ts';
import { deviceName } from '../panels/device-panel.tsx';
import { DarkIcon, DownIcon, EyeIcon, LightIcon, NewIcon, SettingsIcon } from './icons.tsx';
import { changeSettings, settings } from './settings.ts';

/** Name of the page, the model, and what the whole page does. */
export function TopBar() {
  return (
    <header class="top-bar">
      <span class="brand">
        <img src="./icon.svg" alt="" width="28" height="28" />
        <span>
          Ovis <span class="brand-rest">playground</span>
        </span>
      </span>
      <ModelButton />
      <span class="spacer" />
      {turns.value.length > 0 && (
        <button type="button" class="icon-button" aria-label="New conversation" onClick={clearConversation}>
          <NewIcon />
        </button>
      )}
      {isNarrow.value && (
        <button
          type="button"
          class="icon-button"
          id="inside-button"
          aria-label="Look inside"
          aria-expanded={insideOpen.value}
          onClick={() => {
            insideOpen.value = true;
          }}
        >
          <EyeIcon />
        </button>
      )}
      <ThemeButton />
      <button type="button" class="icon-button" aria-label="Settings" onClick={() => openDialog('settings')}>
        <SettingsIcon />
      </button>
    </header>
  );
}

function ModelButton() {
  const model = modelState.value;
  const name = model.kind === 'ready' ? model.ovis.model.name : model.kind === 'loading' ? 'Loading' : 'No model';
  const device = model.kind === 'ready' ? deviceName(model.ovis.device.kind) : '';
  return (
    <button type="button" class="model-button" aria-haspopup="dialog" onClick={() => openDialog('models')}>
      <span class={`light ${model.kind}`} aria-hidden="true" />
      <span class="unseen">Model: </span>
      <span class="model-name">{name}</span> {device !== '' && <span class="model-device">{device}</span>}
      <span class="unseen">, choose another</span>
      <DownIcon />
    </button>
  );
}

const dark = matchMedia('(prefers-color-scheme: dark)');

function ThemeButton() {
  const { theme } = settings.value;
  const isDark = theme === 'dark' || (theme === 'system' && dark.matches);
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={isDark ? 'Light colours' : 'Dark colours'}
      onClick={() => changeSettings({ theme: isDark ? 'light' : 'dark' })}
    >
      {isDark ? <LightIcon /> : <DarkIcon />}
    </button>
  );
}
