// Converts one checkpoint in a process of its own and prints time and peak memory as JSON.
// node benchmarks/convert-checkpoint.mjs CHECKPOINT BUNDLE CONVERSION
import { convertCheckpoint } from '@ovis/converter';
import { conversionOf } from './conversions.mjs';

const [checkpoint, bundle, conversion] = process.argv.slice(2);
const began = performance.now();
await convertCheckpoint(checkpoint, bundle, conversionOf(conversion));
const convertMs = performance.now() - began;
console.log(JSON.stringify({ convertMs, peakBytes: process.resourceUsage().maxRSS * 1024 }));
