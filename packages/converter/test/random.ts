/** Repeatable random numbers in [0, 1) (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Repeatable numbers of a normal distribution with variance 1. */
export function gaussian(length: number, seed: number): Float32Array {
  const next = random(seed);
  return Float32Array.from({ length }, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
}

/** Repeatable numbers of a Laplace distribution: more of them far out. */
export function laplacian(length: number, seed: number): Float32Array {
  const next = random(seed);
  return Float32Array.from({ length }, () => {
    const side = next() - 0.5;
    return -Math.sign(side) * Math.log(1 - 2 * Math.abs(side));
  });
}
