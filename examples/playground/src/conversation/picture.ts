/** A picture of the conversation. */
export type Picture = {
  readonly id: number;
  readonly name: string;
  /** Its file, which the model reads. */
  readonly file: Blob;
  /** Address of the file for `<img>`. */
  readonly url: string;
  /** Pixels. */
  readonly height: number;
  readonly width: number;
};

let lastId = 0;

/** Opens a picture file for the page; null when the browser cannot show it. */
export async function openPicture(file: Blob, name: string): Promise<Picture | null> {
  const url = URL.createObjectURL(file);
  const image = new Image();
  image.src = url;
  try {
    await image.decode();
    return { id: ++lastId, name, file, url, height: image.naturalHeight, width: image.naturalWidth };
  } catch {
    URL.revokeObjectURL(url);
    return null;
  }
}
