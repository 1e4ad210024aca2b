/** Tensors that official checkpoints hold and Ovis does not need. */
export type UnusedTensor = {
  /** Matches whole names of tensors. */
  readonly pattern: RegExp;
  /** Why not, in words for the user. */
  readonly reason: string;
};
