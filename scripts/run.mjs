// `npm start`, `npm test` and the other commands of package.json, from a fresh clone: needs only Node and npm.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { enterWorkspace, install, root, runQuietly } from './workspace.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old: this repository needs Node 20.19 or newer.`);
}

/** Script of each command, and the packages that must be built before. */
const commands = {
  start: { script: 'examples/demo/demo.mjs', packages: ['ovis-demo', '@ovis/cli'] },
  ovis: { script: 'packages/cli/bin/ovis.mjs', packages: ['@ovis/cli'] },
  bench: { script: 'benchmarks/bench.mjs', packages: ['ovis-benchmarks'] },
  'bench:peers': { script: 'benchmarks/peers.mjs', packages: ['ovis-benchmarks'] },
  'bench:browser': { script: 'benchmarks/browser.mjs', packages: [] },
  'bench:compare': { script: 'benchmarks/compare-results.mjs', packages: [] },
  playground: { script: 'scripts/playground.mjs', packages: ['ovis-playground^'] },
  test: { script: 'scripts/test.mjs', packages: [] },
  docs: { script: 'node_modules/typedoc/bin/typedoc', packages: [] },
};

const [command, ...args] = process.argv.slice(2);
if (command === undefined || !Object.hasOwn(commands, command)) {
  fail(`usage: node scripts/run.mjs ${Object.keys(commands).join('|')}`);
}
enterWorkspace();
try {
  install();
  const { script, packages } = commands[command];
  await build(packages);
  // npm goes to the root, but files that the user names lie where npm was called.
  const cwd = command === 'ovis' ? (process.env.INIT_CWD ?? root) : root;
  const { error, status } = spawnSync(process.execPath, [join(root, script), ...args], { stdio: 'inherit', cwd });
  if (error) throw error;
  process.exitCode = status ?? 1;
} catch (error) {
  fail(error.message);
}

/** Builds packages with all they need. What is built already stays; standard output is left to the command. */
async function build(packages) {
  if (packages.length === 0) return;
  const filters = packages.map((name) => `--filter=${name}...`);
  const patience = setTimeout(() => console.error('Building (the first time about 30 seconds) ...'), 3000);
  try {
    await runQuietly('turbo', ['run', 'build', ...filters, '--output-logs=errors-only', '--log-order=grouped']);
  } finally {
    clearTimeout(patience);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
