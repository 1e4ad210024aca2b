import { useRef, useState } from 'preact/hooks';
import { embeddedModel, modelAt, modelInFolder, modelOfFiles, type ModelOrigin } from '../model/model-origin.ts';
import { loadModel, modelState } from '../model/model-state.ts';
import { Dialog } from './dialog.tsx';
import { closeDialog } from './open-dialog.ts';
import { StoredModels } from './stored-models.tsx';

/** Where another model comes from. */
export function ModelsDialog() {
  const model = modelState.value;
  const isEmbedded = model.kind === 'ready' && model.origin.kind === 'embedded';
  return (
    <Dialog title="Models">
      <p class="hint">
        A model is a folder with an <code>ovis.json</code>, as <code>ovis convert</code> writes it. You can also drop it
        anywhere on the page.
      </p>
      <div class="button-row">
        <FolderButton />
        {!isEmbedded && (
          <button type="button" class="button" onClick={() => load(embeddedModel)}>
            Embedded model
          </button>
        )}
      </div>
      <AddressForm />
      <StoredModels onLoad={(url) => load(modelAt(url))} />
    </Dialog>
  );
}

/** Asks for a folder: by the browser's picker, or as its files where there is none. */
function FolderButton() {
  const input = useRef<HTMLInputElement>(null);
  const choose = async () => {
    if (!('showDirectoryPicker' in window) || typeof window.showDirectoryPicker !== 'function') {
      input.current?.click();
      return;
    }
    try {
      const folder: unknown = await window.showDirectoryPicker({ id: 'ovis-model', mode: 'read' });
      if (folder instanceof FileSystemDirectoryHandle) load(modelInFolder(folder));
    } catch {
      // Closed without a choice.
    }
  };
  return (
    <>
      <button type="button" class="button" onClick={() => void choose()}>
        Choose a folder
      </button>
      <input
        ref={input}
        type="file"
        id="model-folder"
        aria-label="Folder of a model"
        {...{ webkitdirectory: true }}
        multiple
        hidden
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          if (files.length > 0) load(modelOfFiles(files));
        }}
      />
    </>
  );
}

function AddressForm() {
  const [address, setAddress] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = () => {
    const text = address.trim();
    if (!URL.canParse(text, document.baseURI)) {
      setProblem('This is no address. It should look like https://example.org/models/Ovis2-1B/');
      return;
    }
    load(modelAt(new URL(text, document.baseURI).href));
  };
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label for="model-address">Address of a model</label>
      <div class="field-row">
        <input
          id="model-address"
          type="text"
          inputMode="url"
          autocomplete="off"
          spellcheck={false}
          placeholder="https://"
          value={address}
          aria-invalid={problem !== null}
          aria-describedby="model-address-problem"
          onInput={({ currentTarget }) => {
            setAddress(currentTarget.value);
            setProblem(null);
          }}
        />
        <button type="submit" class="button">
          Load
        </button>
      </div>
      <small id="model-address-problem" role="alert">
        {problem}
      </small>
    </form>
  );
}

function load(origin: ModelOrigin): void {
  closeDialog();
  void loadModel(origin);
}
