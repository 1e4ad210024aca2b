/** Gives numbers in [0, 1). */
export type RandomSource = () => number;

/**
 * A reproducible random source: xoshiro128** (Blackman and Vigna), its state filled from the seed by
 * splitmix32. Equal seeds give equal numbers on every platform.
 *
 * @param seed - An integer from 0 to 2^53 - 1.
 */
export function randomSource(seed: number): RandomSource {
  const state = seededState(seed);
  return () => {
    const high = nextWord(state) >>> 5;
    const low = nextWord(state) >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  };
}

type State = [number, number, number, number];

function nextWord(state: State): number {
  const [a, b, c, d] = state;
  const result = Math.imul(rotated(Math.imul(b, 5), 7), 9);
  const shifted = b << 9;
  const third = c ^ a;
  const fourth = d ^ b;
  state[0] = a ^ fourth;
  state[1] = b ^ third;
  state[2] = third ^ shifted;
  state[3] = rotated(fourth, 11);
  return result;
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

function seededState(seed: number): State {
  let word = (seed % 2 ** 32 | 0) ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b1);
  const next = () => {
    word = (word + 0x9e3779b9) | 0;
    let mixed = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  return [next(), next(), next(), next()];
}
