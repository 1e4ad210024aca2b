import { useEffect, useState } from 'preact/hooks';
import { deleteStoredModel, listStoredModels, storageState, type StorageState, type StoredModel } from 'ovis/web';
import { modelState } from '../model/model-state.ts';
import { announce } from '../page/announce.tsx';
import { bytes } from '../page/units.ts';

type Stored = { readonly models: readonly StoredModel[]; readonly state: StorageState | null };

/** Models that the browser keeps, with a way to load and to delete each. */
export function StoredModels({ onLoad }: { readonly onLoad: (url: string) => void }) {
  const [stored, setStored] = useState<Stored | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const refresh = async () => {
    try {
      const [models, state] = await Promise.all([listStoredModels(), storageState()]);
      setStored({ models, state });
    } catch (error) {
      setProblem(String(error instanceof Error ? error.message : error));
    }
  };
  const remove = async (model: StoredModel) => {
    setProblem(null);
    try {
      await deleteStoredModel(model.url);
      announce(`${model.name} was deleted.`);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    await refresh();
  };
  useEffect(() => void refresh(), []);
  return (
    <section class="stored" aria-labelledby="stored-title">
      <h3 id="stored-title">Stored in this browser</h3>
      {problem !== null && (
        <p class="hint problem" role="alert">
          {problem}
        </p>
      )}
      {stored?.models.length === 0 && <p class="hint">Nothing yet. What is loaded from an address is kept here.</p>}
      <ul>
        {stored?.models.map((model) => (
          <Row key={model.url + model.storage} model={model} onLoad={onLoad} onDelete={remove} />
        ))}
      </ul>
      {stored?.state != null && (
        <p class="hint">
          {bytes(stored.state.usedBytes)} of {bytes(stored.state.quotaBytes)} used.
        </p>
      )}
    </section>
  );
}

type RowProps = {
  readonly model: StoredModel;
  readonly onLoad: (url: string) => void;
  readonly onDelete: (model: StoredModel) => Promise<void>;
};

function Row({ model, onLoad, onDelete }: RowProps) {
  const isCurrent = currentUrl() === model.url;
  const size = model.whole ? bytes(model.bytes) : `${bytes(model.storedBytes)} of ${bytes(model.bytes)}`;
  return (
    <li>
      <span class="stored-name">
        {model.name}
        <small>
          {size}
          {isCurrent && ', in use'}
        </small>
      </span>
      {!isCurrent && (
        <button type="button" class="button" onClick={() => onLoad(model.url)} aria-label={`Load ${model.name}`}>
          {model.whole ? 'Load' : 'Go on'}
        </button>
      )}
      <button
        type="button"
        class="button"
        disabled={isCurrent}
        onClick={() => void onDelete(model)}
        aria-label={`Delete ${model.name}`}
      >
        Delete
      </button>
    </li>
  );
}

/** Address of the model that is loaded, if it has one. */
function currentUrl(): string | null {
  const model = modelState.value;
  if (model.kind === 'none' || typeof model.origin.source !== 'string') return null;
  return new URL(model.origin.source, document.baseURI).href;
}
