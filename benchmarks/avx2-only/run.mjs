// `node benchmarks/avx2-only/run.mjs COMMAND [ARGUMENT ...]`: runs a command as on a processor with AVX2 and nothing wider.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { avx2OnlyHere } from './prepare.mjs';

const [command, ...args] = process.argv.slice(2);
if (command === undefined || command === '--help') {
  console.log(`node benchmarks/avx2-only/run.mjs COMMAND [ARGUMENT ...]

Runs a command and what it starts; ONNX Runtime and the picture decoder of this workspace choose their code as on a
processor with AVX2 and nothing wider. Linux on x86-64; needs Python 3.10 or newer and a C compiler.
Tests of what runs there: node benchmarks/avx2-only/run.mjs npx vitest run --project node`);
  process.exit(command === undefined ? 2 : 0);
}
const environment = await avx2OnlyHere(fileURLToPath(new URL('../.cache/peers', import.meta.url)));
const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...environment } });
child.once('error', (error) => {
  console.error(`${command} did not start: ${error.message}`);
  process.exitCode = 127;
});
child.once('close', (code) => {
  process.exitCode = code ?? 1;
});
