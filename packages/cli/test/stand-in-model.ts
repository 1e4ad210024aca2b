import type { BundleManifest, GenerateRequest, GenerateResult, LoadOptions, Ovis, StreamPart } from 'ovis/node';

/** What the stand-in was asked. */
export type Asked = { model: string | URL; load: LoadOptions; request: GenerateRequest | null; disposed: boolean };

const timings: GenerateResult['timings'] = {
  decodeImageMs: 4,
  preprocessMs: 6,
  visionMs: 200,
  prefillMs: 100,
  firstTokenMs: 320,
  perTokenMs: 50,
  totalMs: 420,
};

/** The answer of every stand-in. */
export const standInResult: GenerateResult = {
  text: 'Two cats.',
  reasoning: 'Let me count.',
  finishReason: 'length',
  usage: { textTokens: 10, imageTokens: 90, outputTokens: 3 },
  timings,
  tokens: [5, 6, 7],
};

/** What `ovis run` uses of a model. */
type ModelSurface = Pick<Ovis, 'generate' | 'stream' | 'loadTimings' | 'device'> &
  AsyncDisposable & { readonly manifest: Pick<BundleManifest, 'warnings'> };

/** A model that remembers what it was asked and gives one answer, so that commands are tested without weights. */
export function standInModel(asked: Asked): ModelSurface {
  return {
    manifest: { warnings: [] },
    device: { kind: 'cpu', runtime: 'stand-in 1.0', reasons: [] },
    loadTimings: { convertMs: 0, verifyMs: 10, tokenizerMs: 20, sessionsMs: 30, totalMs: 60 },
    generate: (request) => {
      asked.request = request;
      request.signal?.throwIfAborted();
      return Promise.resolve(standInResult);
    },
    async *stream(request): AsyncGenerator<StreamPart, void, undefined> {
      asked.request = request;
      request.signal?.throwIfAborted();
      yield { type: 'reasoning-delta', text: standInResult.reasoning };
      await Promise.resolve();
      request.signal?.throwIfAborted();
      yield { type: 'text-delta', text: 'Two ' };
      yield { type: 'text-delta', text: 'cats.' };
      const { finishReason: reason, usage, tokens } = standInResult;
      yield { type: 'finish', reason, usage, timings, tokens };
    },
    [Symbol.asyncDispose]: () => {
      asked.disposed = true;
      return Promise.resolve();
    },
  };
}
