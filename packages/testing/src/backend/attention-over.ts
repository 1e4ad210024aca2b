/** Attention of row `count - 1` over the first `count` rows of `size` numbers, which are query, key and value. */
export function attentionOver(rows: Float32Array, count: number, size: number): Float32Array {
  const row = (index: number) => rows.subarray(index * size, (index + 1) * size);
  const scores = Array.from({ length: count }, (_, index) => dot(row(count - 1), row(index)) / Math.sqrt(size));
  const largest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const result = new Float32Array(size);
  weights.forEach((weight, index) => {
    row(index).forEach((value, column) => {
      result[column] = (result[column] ?? 0) + (weight / total) * value;
    });
  });
  return result;
}

function dot(left: Float32Array, right: Float32Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}
