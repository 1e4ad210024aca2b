import { useEffect, useRef } from 'preact/hooks';
import { openDialog } from '../dialogs/open-dialog.ts';
import { modelState } from '../model/model-state.ts';
import { CameraIcon, CloseIcon, PictureIcon, SendIcon, StopIcon } from '../page/icons.tsx';
import { ask, isAnswering, stopAnswering, turns } from './conversation.ts';
import { addPictures, draftPictures, draftText, isOpeningPictures, removePicture, takeDraft } from './draft.ts';
import { sampleNamed } from './samples.ts';

/** Where the next question is written. */
export function Composer() {
  const field = useRef<HTMLTextAreaElement>(null);
  const ready = modelState.value.kind === 'ready';
  const answering = isAnswering.value;
  const canSend = ready && !answering && !isOpeningPictures.value && draftText.value.trim() !== '';
  const send = () => {
    if (!canSend) return;
    const { question, pictures } = takeDraft();
    void ask(question, pictures);
  };
  useEffect(() => {
    if (field.current === null) return;
    field.current.style.height = 'auto';
    field.current.style.height = `${Math.min(field.current.scrollHeight, 180)}px`;
  }, [draftText.value]);
  return (
    <form
      class="composer"
      aria-label="Your question"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Suggestions />
      <div class="composer-box">
        <DraftPictures />
        <label class="unseen" for="question">
          Question
        </label>
        <textarea
          ref={field}
          id="question"
          rows={1}
          placeholder={turns.value.length === 0 ? 'Ask about the picture' : 'Ask another question'}
          value={draftText.value}
          onInput={({ currentTarget }) => {
            draftText.value = currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <div class="composer-row">
          <PictureButton />
          <button type="button" class="icon-button" aria-label="Use the camera" onClick={() => openDialog('camera')}>
            <CameraIcon />
          </button>
          <span class="spacer" />
          {answering ? (
            <button type="button" class="send stop" onClick={stopAnswering}>
              <StopIcon />
              Stop
            </button>
          ) : (
            <button type="submit" class="send" disabled={!canSend}>
              <SendIcon />
              Ask
            </button>
          )}
        </div>
      </div>
    </form>
  );
}

function DraftPictures() {
  if (draftPictures.value.length === 0) return null;
  return (
    <ul class="draft-pictures" aria-label="Pictures of this question">
      {draftPictures.value.map((picture) => (
        <li key={picture.id}>
          <img src={picture.url} alt={picture.name} />
          <button type="button" aria-label={`Remove ${picture.name}`} onClick={() => removePicture(picture)}>
            <CloseIcon />
          </button>
        </li>
      ))}
    </ul>
  );
}

function PictureButton() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="icon-button" aria-label="Add a picture" onClick={() => input.current?.click()}>
        <PictureIcon />
      </button>
      <input
        ref={input}
        type="file"
        id="picture-file"
        aria-label="Picture file"
        accept="image/*"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          void addPictures([...(currentTarget.files ?? [])].map((file) => ({ file, name: file.name })));
          currentTarget.value = '';
        }}
      />
    </>
  );
}

/** Questions that suit a sample picture. */
function Suggestions() {
  const shown =
    draftPictures.value.at(-1) ?? turns.value.findLast(({ pictures }) => pictures.length > 0)?.pictures.at(-1);
  const sample = sampleNamed(shown?.name);
  const asked = new Set(turns.value.map(({ question }) => question));
  const open = sample?.questions.filter((question) => !asked.has(question)) ?? [];
  if (open.length === 0 || draftText.value !== '' || isAnswering.value) return null;
  return (
    <ul class="suggestions" aria-label="Questions for this picture">
      {open.slice(0, 4).map((question) => (
        <li key={question}>
          <button
            type="button"
            class="chip"
            disabled={modelState.value.kind !== 'ready'}
            onClick={() => void ask(question, takeDraft().pictures)}
          >
            {question}
          </button>
        </li>
      ))}
    </ul>
  );
}
