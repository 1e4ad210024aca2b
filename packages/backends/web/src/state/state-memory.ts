import type { NamedTensors } from '@ovis/core';
import type { Tensor as RuntimeTensor } from 'onnxruntime-web';

/** Tensors of the runtime by name; null in what is fetched means that the runtime finds the memory. */
export type RuntimeTensors = Readonly<Record<string, RuntimeTensor>>;

/** Where the state tensors of one sequence live. */
export interface StateMemory {
  /** Positions there is room for. */
  readonly capacity: number;
  /** What the graph reads. */
  feeds(): RuntimeTensors;
  /** What the graph writes, and where. */
  fetches(): Readonly<Record<string, RuntimeTensor | null>>;
  /** Takes what a run with these inputs wrote. */
  advance(results: RuntimeTensors, inputs: NamedTensors): void;
  /** Makes room for at least `positions`, keeping the first `used`. */
  reserve(positions: number, used: number): Promise<void>;
  /** Frees the memory. */
  dispose(): void;
}
