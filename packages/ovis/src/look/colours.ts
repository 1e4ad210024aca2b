/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Five stops of a map from dark blue over green to yellow: even steps in brightness, also for the colour-blind. */
const stops: readonly Colour[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];

const black: Colour = [0, 0, 0];

/** The colour of a share in [0, 1]; outside it the nearest end. */
export function heatColour(share: number): Colour {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(place));
  const [low = black, high = black] = stops.slice(below, below + 2);
  return blend(low, high, place - below);
}

/** A colour of its own for every visual word: hues a golden angle apart, so that neighbours in number differ. */
export function wordColour(word: number): Colour {
  const hue = (word * 137.508) % 360;
  const channel = (offset: number) => {
    const k = (offset + hue / 30) % 12;
    return Math.round(255 * (0.55 - 0.4 * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}

/** `share` of the second colour in the first. */
export function blend(first: Colour, second: Colour, share: number): Colour {
  const mix = (channel: 0 | 1 | 2) => Math.round(first[channel] * (1 - share) + second[channel] * share);
  return [mix(0), mix(1), mix(2)];
}
