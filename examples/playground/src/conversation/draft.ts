import { computed, signal } from '@preact/signals';
import { announce } from '../page/announce.tsx';
import { showNotice } from '../page/notices.ts';
import { lookedAt } from '../look/looked-at.ts';
import { openPicture, type Picture } from './picture.ts';

/** Pictures that go with the next question. */
export const draftPictures = signal<readonly Picture[]>([]);

/** How many times pictures are being opened now; a question must not go without them. */
const opening = signal(0);

/** Whether pictures are on their way into the next question. */
export const isOpeningPictures = computed(() => opening.value > 0);

/** Text of the next question. */
export const draftText = signal('');

/** A picture file with the name that people see. */
export type PictureFile = { readonly file: Blob; readonly name: string };

/** Adds picture files to the next question; what is no picture becomes a notice. */
export async function addPictures(files: readonly PictureFile[] | Promise<readonly PictureFile[]>): Promise<void> {
  opening.value++;
  try {
    await addEach(await files);
  } finally {
    opening.value--;
  }
}

async function addEach(files: readonly PictureFile[]): Promise<void> {
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
