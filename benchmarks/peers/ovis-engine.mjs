// Ours, through the public function behind `ovis bench`.
import { benchmarkModel } from 'ovis/node';
import { engineRequest, finish, say } from './measuring.mjs';

const { model, threads, prefill, decode, tokens, picture } = engineRequest();
const plan = { prefill, decode, steps: tokens, repeat: 1, picture };
// Memory is measured once per round, and would count as ours. Hashes are compared once per bundle by applications too;
// peers compare none.
const measured = await benchmarkModel(model, { ...plan, threads, verify: 'sizes', memoryBandwidth: false });
say('load', { ms: measured.load.totalMs, steps: measured.load });
for (const { length, ms } of measured.prefill) say('prefill', { context: length, ms: ms.median });
for (const { context, ms } of measured.decode) say('decode', { context, ms: ms.all });
if (measured.picture)
  say('picture', { ms: measured.picture.visionMs.median, prepareMs: measured.picture.prepareMs.median });
say('about', { ...measured.stepBytes, device: measured.device, version: measured.manifest.source.converter });
finish();
