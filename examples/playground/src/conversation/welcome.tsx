import { modelState } from '../model/model-state.ts';
import { addPictures, type PictureFile } from './draft.ts';
import { samples, type Sample } from './samples.ts';

/** What an empty conversation shows: how to begin, and pictures to begin with. */
export function Welcome() {
  const model = modelState.value;
  const embedded = model.kind !== 'ready' || model.origin.kind === 'embedded';
  return (
    <section class="welcome" aria-labelledby="welcome-title">
      <h1 id="welcome-title">Ask about a picture</h1>
      <p class="welcome-text">
        Drop or paste a picture, choose one, or use the camera. The model runs in this browser: nothing is uploaded.
      </p>
      <h2 class="quiet-heading">Or begin with one of these</h2>
      <ul class="samples">
        {samples.map((sample) => (
          <li key={sample.name}>
            <button type="button" class="sample" onClick={() => void addSample(sample)}>
              <img src={sample.url} alt="" width="256" height="256" />
              <span class="unseen">Add the sample picture {sample.name.replace(/\..*$/u, '')}</span>
            </button>
          </li>
        ))}
      </ul>
      {embedded && (
        <p class="welcome-note">
          The embedded model is tiny, 8 million parameters. It knows drawn shapes, icons, digits and short words, and
          answers in a few words.
        </p>
      )}
    </section>
  );
}

async function addSample(sample: Sample): Promise<void> {
  await addPictures(fetchSample(sample));
  document.querySelector<HTMLElement>('#question')?.focus();
}

async function fetchSample({ name, url }: Sample): Promise<readonly PictureFile[]> {
  const response = await fetch(url);
  return [{ file: await response.blob(), name }];
}
