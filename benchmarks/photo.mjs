// A 12-megapixel JPEG made on the spot: soft colours with fine noise, about as hard to decode as a photograph.
import { existsSync } from 'node:fs';
import sharp from 'sharp';

/** Writes the picture unless it is there. */
export async function writePhoto(file, width = 4000, height = 3000) {
  if (existsSync(file)) return;
  const noise = { type: 'gaussian', mean: 128, sigma: 40 };
  const grain = await sharp({ create: { width, height, channels: 3, background: '#808080', noise } })
    .png()
    .toBuffer();
  const colours = `<svg width="${width}" height="${height}"><defs><linearGradient id="g" x2="1" y2="1">
    <stop offset="0" stop-color="#205080"/><stop offset="1" stop-color="#f0c060"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#g)"/><circle cx="60%" cy="40%" r="20%" fill="#b03030"/></svg>`;
  await sharp(Buffer.from(colours))
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 90 })
    .toFile(file);
}
