/** Generations of the Ovis family; `2.6-next` is the one on Qwen3-Next. */
export const ovisGenerations = ['1.0', '1.5', '1.6', '2', '2.5', '2.6', '2.6-next'] as const;

/** A generation of the Ovis family. */
export type OvisGeneration = (typeof ovisGenerations)[number];

/** How turns are written down for the language model (named after the official conversation formatters). */
export type PromptFormat = 'qwen' | 'qwen3' | 'llama3' | 'gemma';

/** Names of the rows at the end of the visual embedding table, in row order. */
export type IndicatorName =
  | 'image-start'
  | 'overview-end'
  | 'column'
  | 'row'
  | 'image-end'
  | 'video-start'
  | 'video-end';

/** What a generation is made of. Adding a generation is adding a row here and what is really new. */
export type GenerationTraits = {
  /**
   * How a picture becomes views of the ViT: `single` one fitted view, `tiles` overview and grid of
   * sub-images, `native` the picture at its own resolution.
   */
  readonly views: 'single' | 'tiles' | 'native';
  /** Rows at the end of the visual embedding table, in order. */
  readonly indicators: readonly IndicatorName[];
  /** Whether the model takes videos as such (else frames are pictures). */
  readonly video: boolean;
  /** Whether the model can think between `<think>` tags before it answers. */
  readonly thinking: boolean;
  /** What stands between a picture and its neighbour in a message: a space in the examples of 1.0, later a line break. */
  readonly pictureSeparator: ' ' | '\n';
};

const single = {
  views: 'single',
  indicators: ['image-start', 'image-end'],
  video: false,
  thinking: false,
  pictureSeparator: '\n',
} as const satisfies GenerationTraits;

const tiles = {
  views: 'tiles',
  indicators: ['image-start', 'overview-end', 'column', 'row', 'image-end'],
  video: false,
  thinking: false,
  pictureSeparator: '\n',
} as const satisfies GenerationTraits;

const native = {
  views: 'native',
  indicators: ['image-start', 'image-end', 'video-start', 'video-end'],
  video: true,
  thinking: true,
  pictureSeparator: '\n',
} as const satisfies GenerationTraits;

/** The table of generations. */
export const generationTraits: Readonly<Record<OvisGeneration, GenerationTraits>> = {
  '1.0': { ...single, pictureSeparator: ' ' },
  '1.5': single,
  '1.6': tiles,
  '2': tiles,
  '2.5': native,
  '2.6': native,
  '2.6-next': native,
};
