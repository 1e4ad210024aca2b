/**
 * Does several things at the same time, each with a signal that ends it when another one fails. Settles when all have
 * settled: nothing is left running behind a failure.
 *
 * @param parts - In the order of their say: where several fail by themselves, the promise is rejected with the error of
 *   the first.
 * @param signal - Ends all of them.
 */
export async function allOrNone<Results extends readonly unknown[]>(
  parts: { readonly [Index in keyof Results]: (signal: AbortSignal) => Promise<Results[Index]> },
  signal?: AbortSignal,
): Promise<Results> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const failures: { readonly index: number; readonly error: unknown }[] = [];
  const settled = await Promise.allSettled(
    parts.map(async (part, index) => {
      try {
        return await part(either);
      } catch (error) {
        if (!stop.signal.aborted || error !== stop.signal.reason) failures.push({ index, error });
        stop.abort(error);
        throw error;
      }
    }),
  );
  signal?.throwIfAborted();
  const [first] = failures.toSorted((left, right) => left.index - right.index);
  if (first) throw first.error;
  return settled.map((result) => (result.status === 'fulfilled' ? result.value : undefined)) as unknown as Results;
}
