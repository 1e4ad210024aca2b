import { ImageError } from '@ovis/core';
import { rgbFromTiles } from './rgb-from-tiles.ts';

/** Side of a tile in pixels; every graphics driver takes textures of this size. */
const TILE = 1024;

/** How a bitmap is read. */
export type StoredColoursOptions = {
  readonly height: number;
  readonly width: number;
  readonly signal?: AbortSignal | undefined;
};

/**
 * RGB pixels of a bitmap with alpha as its file has them. They go through a texture, because a canvas multiplies
 * colours by alpha and forgets them where it is 0.
 *
 * @param bitmap - Made with `premultiplyAlpha: 'none'`.
 * @returns `[height, width, 3]`.
 * @throws ImageError when there is no WebGL.
 */
export async function storedColours(
  bitmap: ImageBitmap,
  { height, width, signal }: StoredColoursOptions,
): Promise<Uint8Array> {
  const context = openContext();
  try {
    const tiling = { height, width, tileHeight: TILE, tileWidth: TILE, signal };
    return await rgbFromTiles(tiling, async (top, left, rows, columns) => {
      const part = await createImageBitmap(bitmap, left, top, columns, rows, {
        colorSpaceConversion: 'none',
        premultiplyAlpha: 'none',
      });
      const tile = throughTexture(context, part);
      part.close();
      return tile;
    });
  } finally {
    context.getExtension('WEBGL_lose_context')?.loseContext();
  }
}

function openContext(): WebGLRenderingContext {
  const context = new OffscreenCanvas(1, 1).getContext('webgl');
  if (context === null) {
    throw new ImageError('Without WebGL this browser does not give the colours of a WebP with alpha. Save it as PNG.');
  }
  context.pixelStorei(context.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  context.pixelStorei(context.UNPACK_COLORSPACE_CONVERSION_WEBGL, context.NONE);
  return context;
}

/** The pixels of a bitmap, `[height, width, 4]`. */
function throughTexture(context: WebGLRenderingContext, bitmap: ImageBitmap): Uint8Array {
  const { height, width } = bitmap;
  const texture = context.createTexture();
  context.bindTexture(context.TEXTURE_2D, texture);
  context.texImage2D(context.TEXTURE_2D, 0, context.RGBA, context.RGBA, context.UNSIGNED_BYTE, bitmap);
  context.bindFramebuffer(context.FRAMEBUFFER, context.createFramebuffer());
  context.framebufferTexture2D(context.FRAMEBUFFER, context.COLOR_ATTACHMENT0, context.TEXTURE_2D, texture, 0);
  const pixels = new Uint8Array(height * width * 4);
  context.readPixels(0, 0, width, height, context.RGBA, context.UNSIGNED_BYTE, pixels);
  const error = context.getError();
  if (error !== context.NO_ERROR) {
    throw new ImageError(`WebGL did not give the colours of a picture with alpha (error ${error}). Save it as PNG.`);
  }
  context.deleteTexture(texture);
  return pixels;
}
