// `npm start`, `npm test` and the other commands of package.json, from a fresh clone: needs only Node and npm.
import { spawnSync } from 'node:child_process';
import { enterWorkspace, install, run } from './workspace.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old: this repository needs Node 20.19 or newer.`);
}

const commands = {
  start: (args) => node('examples/demo/demo.mjs', args, ['ovis-demo', '@ovis/cli']),
  ovis: (args) => node('packages/cli/bin/ovis.mjs', args, ['@ovis/cli']),
  bench: (args) => node('benchmarks/bench.mjs', args, ['ovis-benchmarks']),
  test: (args) => node('scripts/test.mjs', args, []),
  docs: () => run('typedoc', []),
};

const [command, ...args] = process.argv.slice(2);
if (command === undefined || !Object.hasOwn(commands, command)) {
  fail(`usage: node scripts/run.mjs ${Object.keys(commands).join('|')}`);
}
enterWorkspace();
try {
  install();
  commands[command](args);
} catch (error) {
  fail(error.message);
}

/** Builds these packages with all they need (what is built stays cached), then runs a script in their place. */
function node(script, scriptArguments, packages) {
  if (packages.length > 0) {
    const filters = packages.map((name) => `--filter=${name}...`);
    run('turbo', ['run', 'build', ...filters, '--output-logs=errors-only', '--log-order=grouped']);
  }
  const { error, status } = spawnSync(process.execPath, [script, ...scriptArguments], { stdio: 'inherit' });
  if (error) throw error;
  process.exitCode = status ?? 1;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
