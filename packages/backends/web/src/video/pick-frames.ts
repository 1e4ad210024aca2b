/**
 * Which of a video's frames to show: all of a short one, else the middle of each of `count` equal stretches, as the
 * model cards do it.
 *
 * @param total - Frames of the video, at least 1.
 * @returns Numbers of frames, ascending.
 */
export function pickFrames(total: number, count: number): readonly number[] {
  if (total <= count) return Array.from({ length: total }, (_, frame) => frame);
  const stride = total / count;
  return Array.from({ length: count }, (_, at) =>
    Math.min(total - 1, Math.trunc((stride * at + stride * (at + 1)) / 2)),
  );
}
