import { clearConversation } from '../conversation/conversation.ts';
import { openDialog } from '../dialogs/open-dialog.ts';
import { embeddedModel } from '../model/model-origin.ts';
import { loadModel, reloadModel } from '../model/model-state.ts';
import { CloseIcon } from './icons.tsx';
import { clearNotice, notice, type WayOut } from './notices.ts';
import { changeSettings } from './settings.ts';

const waysOut: Readonly<Record<WayOut, { readonly label: string; readonly go: () => void }>> = {
  reload: { label: 'Load again', go: () => void reloadModel() },
  resume: { label: 'Go on loading', go: () => void reloadModel() },
  'use-wasm': {
    label: 'Use WebAssembly',
    go: () => {
      changeSettings({ device: 'wasm' });
      void reloadModel();
    },
  },
  'use-embedded': { label: 'Use the embedded model', go: () => void loadModel(embeddedModel) },
  'choose-model': { label: 'Choose another model', go: () => openDialog('models') },
  'stored-models': { label: 'See stored models', go: () => openDialog('models') },
  settings: { label: 'Open settings', go: () => openDialog('settings') },
  'new-conversation': { label: 'Start a new conversation', go: () => clearConversation() },
};

/** What went wrong, and what can be done. */
export function NoticeBar() {
  const shown = notice.value;
  return (
    <div class="notice-place" role="alert">
      {shown !== null && (
        <div class="notice">
          <div class="notice-words">
            <strong>{shown.title}</strong>
            <p>{shown.text}</p>
          </div>
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={clearNotice}>
            <CloseIcon />
          </button>
          {shown.waysOut.length > 0 && (
            <div class="notice-actions">
              {shown.waysOut.map((name) => (
                <button
                  key={name}
                  type="button"
                  class="button"
                  onClick={() => {
                    clearNotice();
                    waysOut[name].go();
                  }}
                >
                  {waysOut[name].label}
                </button>
              ))}
            </div>
          )}
        </div>
      )}
    </div>
  );
}
