// Our resize against Pillow's on the same pictures, in turn, and that the bytes are equal.
// node benchmarks/resize.mjs [--python python3] [--rounds 9]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { crc32 } from 'node:zlib';
import { prepareImage, resizeImage } from '@ovis/visual-tokenizer';
import { median } from './medians.mjs';

const { values: options } = parseArgs({
  options: { python: { type: 'string', default: 'python3' }, rounds: { type: 'string', default: '9' } },
});

/** What the generations do: overview and sub-images of 336, 384 and 448 pixels, native resolution, small pictures. */
const cases = [
  { from: [4000, 3000], to: [448, 336], filter: 'bicubic' },
  { from: [4000, 3000], to: [448, 336], filter: 'lanczos' },
  { from: [4000, 3000], to: [1792, 1344], filter: 'bilinear' },
  { from: [1920, 1080], to: [384, 216], filter: 'bicubic' },
  { from: [1200, 900], to: [896, 448], filter: 'bicubic' },
  { from: [640, 480], to: [1344, 1008], filter: 'bilinear' },
  { from: [300, 3000], to: [44, 448], filter: 'bicubic' },
  { from: [100, 75], to: [336, 252], filter: 'bicubic' },
];

/** Where views are 448 x 448 pixels: the resize and the patches of one view, as Ovis2 prepares it. */
const ovis2 = {
  generation: '2',
  vision: { patchSize: 14, mergeStride: 2, hiddenSize: 1024, heads: 8 },
  preprocessing: {
    kind: 'tiles',
    side: 448,
    tokensPerView: 256,
    filter: 'bicubic',
    rescale: 1 / 255,
    mean: [0.48145466, 0.4578275, 0.40821073],
    std: [0.26862954, 0.26130258, 0.27577711],
  },
};

const folder = mkdtempSync(join(tmpdir(), 'ovis-resize-'));
const pillow = await startPillow();
try {
  console.log(`Node ${process.version}; Pillow ${pillow?.version ?? 'not found (pass --python)'}\n`);
  console.log('picture        becomes       filter    ours ms  Pillow ms  times as fast  patches too ms');
  for (const { from, to, filter } of cases) await measure(from, to, filter);
} finally {
  pillow?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure([width, height], [toWidth, toHeight], filter) {
  const image = { width, height, data: noise(width * height * 3) };
  const path = join(folder, 'picture.rgb');
  writeFileSync(path, image.data);
  await pillow?.ask({ path, width, height, toWidth, toHeight, filter });
  const times = { ours: [], pillow: [], prepared: [] };
  const isView = filter === 'bicubic' && Math.max(toWidth, toHeight) === 448;
  let equal = true;
  // The first round warms up.
  for (let round = 0; round <= Number(options.rounds); round++) {
    const start = performance.now();
    const { data } = resizeImage(image, { width: toWidth, height: toHeight }, filter);
    const ours = performance.now() - start;
    const theirs = await pillow?.ask({});
    if (theirs && theirs.crc !== crc32(data)) equal = false;
    const again = performance.now();
    if (isView) await prepareImage(image, ovis2, { maxPartition: 1 });
    if (round === 0) continue;
    times.ours.push(ours);
    times.prepared.push(performance.now() - again);
    if (theirs) times.pillow.push(theirs.ms);
  }
  const ours = median(times.ours);
  const theirs = times.pillow.length > 0 ? median(times.pillow) : null;
  const cells = [
    `${width} x ${height}`.padEnd(14),
    `${toWidth} x ${toHeight}`.padEnd(13),
    filter.padEnd(9),
    ours.toFixed(2).padStart(7),
    (theirs?.toFixed(2) ?? '-').padStart(10),
    (theirs === null ? '-' : (theirs / ours).toFixed(2)).padStart(14),
    (isView ? median(times.prepared).toFixed(2) : '-').padStart(15),
    equal ? '' : '  BYTES DIFFER (Pillow 10.3.0 is the reference; 12 swaps the passes of some shapes)',
  ];
  console.log(cells.join(' ').trimEnd());
}

/** A Python process that resizes the same picture whenever it is asked, or null where there is no Pillow. */
async function startPillow() {
  const script = fileURLToPath(new URL('resize.py', import.meta.url));
  const python = spawn(options.python, [script], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  python.on('error', () => undefined);
  const ask = async (request) => {
    python.stdin.write(`${JSON.stringify(request)}\n`);
    return JSON.parse((await lines.next()).value);
  };
  const first = await Promise.race([
    lines.next(),
    once(python, 'exit').then(
      () => ({ done: true }),
      () => ({ done: true }),
    ),
  ]);
  if (first.done) return null;
  return { ...JSON.parse(first.value), ask, stop: () => python.kill() };
}

function noise(length) {
  const data = new Uint8Array(length);
  for (let i = 0, state = 1; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    data[i] = state >>> 24;
  }
  return data;
}
