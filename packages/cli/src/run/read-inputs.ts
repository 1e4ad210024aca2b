import { stat } from 'node:fs/promises';
import { ImageError, InvalidArgumentError, type ChatMessage, type ImageSource } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { readStdin } from '../io/read-stdin.ts';
import { STDIN, type RunOptions } from './run-options.ts';

const MAX_PROMPT_BYTES = 2 ** 24;
const MAX_IMAGE_BYTES = 2 ** 28;

/**
 * The conversation that the options describe: pictures, video, then the question. Picture files are looked
 * for here, so that a wrong path is told before a model is loaded.
 *
 * @throws ImageError when a picture file is not there, InvalidArgumentError when stdin holds no prompt.
 */
export async function readMessages(options: RunOptions, io: CliIo): Promise<readonly ChatMessage[]> {
  const { system, image = [], video = [] } = options;
  const images: ImageSource[] = [];
  for (const file of image) images.push(await imageSource(file, io));
  const frames: ImageSource[] = [];
  for (const file of video) frames.push(await imageSource(file, io));
  const text = options.prompt === STDIN ? await readPrompt(io) : options.prompt;
  return [
    ...(system === undefined ? [] : [{ role: 'system', content: system } as const]),
    {
      role: 'user',
      content: [
        ...images.map((source) => ({ type: 'image', image: source }) as const),
        ...(frames.length === 0 ? [] : [{ type: 'video', frames } as const]),
        { type: 'text', text },
      ],
    },
  ];
}

async function imageSource(file: string, io: CliIo): Promise<ImageSource> {
  if (file === STDIN) {
    const bytes = await readStdin(io, MAX_IMAGE_BYTES);
    if (bytes.length === 0) throw new ImageError('Standard input, which should be a picture (--image -), is empty.');
    return bytes;
  }
  if (/^(https?|data):/i.test(file)) return pictureAddress(file);
  const found = await stat(file).catch(() => null);
  if (found === null) throw new ImageError(`The picture ${file} does not exist. Check the path.`);
  if (!found.isFile()) throw new ImageError(`${file} is not a file. Name the pictures one by one.`);
  return file;
}

function pictureAddress(text: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new ImageError(`${text.slice(0, 200)} is neither a file nor a valid address of a picture.`);
}

async function readPrompt(io: CliIo): Promise<string> {
  const bytes = await readStdin(io, MAX_PROMPT_BYTES);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InvalidArgumentError('The prompt on standard input is not UTF-8 text.', { cause });
  }
  // The end of the last line belongs to the file, not to the question.
  const prompt = text.replace(/\r?\n$/, '');
  if (prompt.trim() === '') throw new InvalidArgumentError('The prompt on standard input is empty.');
  return prompt;
}
