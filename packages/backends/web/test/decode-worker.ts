// A worker that decodes pictures, as the worker of the SDK does.
import { createBrowserDecoder } from '../src/image/create-browser-decoder.ts';
import { toImageSource } from '../src/image/to-image-source.ts';
import type { TransferredImage } from '../src/image/transferred-image.ts';

addEventListener('message', (event: MessageEvent<TransferredImage>) => {
  void (async () => {
    const source = await toImageSource(event.data);
    postMessage(source instanceof Uint8Array ? await createBrowserDecoder().decode(source) : source);
  })();
});
