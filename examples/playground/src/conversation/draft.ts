import { signal } from '@preact/signals';
import { announce } from '../page/announce.tsx';
import { showNotice } from '../page/notices.ts';
import { lookedAt } from '../look/looked-at.ts';
import { openPicture, type Picture } from './picture.ts';

/** Pictures that go with the next question. */
export const draftPictures = signal<readonly Picture[]>([]);

/** Text of the next question. */
export const draftText = signal('');

/** Adds picture files to the next question; what is no picture becomes a notice. */
export async function addPictures(files: readonly { readonly file: Blob; readonly name: string }[]): Promise<void> {
  const refused: string[] = [];
  for (const { file, name } of files) {
    const picture = await openPicture(file, name);
    if (picture === null) {
      refused.push(name);
      continue;
    }
    draftPictures.value = [...draftPictures.value, picture];
    lookedAt.value = picture;
    announce(`Picture ${name} added.`);
  }
  if (refused.length === 0) return;
  showNotice({
    title:
      refused.length === 1
        ? `${refused[0] ?? ''} is no picture that this browser shows.`
        : 'Some files are no pictures.',
    text: `PNG, JPEG, WebP, GIF and AVIF are understood. ${refused.length > 1 ? `Left out: ${refused.join(', ')}.` : ''}`,
    waysOut: [],
  });
}

/** Takes a picture back. */
export function removePicture(picture: Picture): void {
  draftPictures.value = draftPictures.value.filter(({ id }) => id !== picture.id);
  if (lookedAt.value?.id === picture.id) lookedAt.value = draftPictures.value.at(-1) ?? null;
  announce(`Picture ${picture.name} removed.`);
}

/** Gives the draft away and leaves an empty one. */
export function takeDraft(): { readonly question: string; readonly pictures: readonly Picture[] } {
  const draft = { question: draftText.value.trim(), pictures: draftPictures.value };
  draftText.value = '';
  draftPictures.value = [];
  return draft;
}
