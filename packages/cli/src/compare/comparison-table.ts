import type { BundleManifest, Comparison, SampleComparison } from 'ovis/node';
import { formatTable } from '../output/format-table.ts';

/** The two bundles that were compared. */
export type ComparedBundles = { readonly reference: BundleManifest; readonly candidate: BundleManifest };

const percent = (share: number | null): string => (share === null ? '-' : `${(share * 100).toFixed(2)} %`);
const nats = (value: number | null): string => (value === null ? '-' : value.toPrecision(3));

/** The result for people: a row for each stage, overall and per sample. */
export function comparisonTable({ samples, overall }: Comparison, { reference, candidate }: ComparedBundles): string {
  const columns = [overall, ...samples];
  const row = (title: string, read: (sample: SampleComparison) => string) => [title, ...columns.map(read)];
  const rows = [
    ['', 'overall', ...samples.map((_, index) => `sample ${index + 1}`)],
    row('visual embeddings, relative error', (sample) => percent(sample.visualEmbeddings)),
    row('visual tokens with the same word', (sample) => percent(sample.sameVisualWord)),
    row('entropy difference, nats', (sample) => nats(sample.entropyDifference)),
    row('logits, relative error', (sample) => percent(sample.logits)),
    row('divergence of the next token, nats', (sample) => nats(sample.divergence)),
    row('worst divergence, nats', (sample) => nats(sample.worstDivergence)),
    row('same most likely token', (sample) => percent(sample.sameToken)),
    row('positions', (sample) => String(sample.positions)),
  ];
  const title = `${reference.model.name}: ${storageOf(candidate)} against ${storageOf(reference)}\n\n`;
  return title + formatTable(rows, ['left', ...columns.map(() => 'right' as const)]);
}

function storageOf({ dtypes }: BundleManifest): string {
  return `decoder ${dtypes.decoder}, vision ${dtypes.vit}`;
}
