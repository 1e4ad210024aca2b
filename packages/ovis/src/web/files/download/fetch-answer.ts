import type { FetchOptions, WebEnvironment } from '../web-environment.ts';
import { Interrupted } from './http-answer.ts';

/**
 * Asks for a file.
 *
 * @throws Interrupted when there is no answer.
 */
export async function fetchAnswer(environment: WebEnvironment, url: URL, options: FetchOptions): Promise<Response> {
  try {
    return await environment.fetch(url.href, options);
  } catch (cause) {
    throw interruptedBy(cause);
  }
}

/**
 * The bytes of an answer as they come; leaving the loop ends the connection.
 *
 * @throws Interrupted when the connection breaks.
 */
export async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array, void> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw interruptedBy(cause);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function interruptedBy(cause: unknown): Interrupted {
  return new Interrupted(cause instanceof Error ? cause.message : String(cause));
}
