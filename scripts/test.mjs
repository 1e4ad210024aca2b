// Every check. `npm test` runs all; `npm test -- lint types` only those steps. Ends with "N passed, N failed".
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { enterWorkspace, inParallel, run, runQuietly } from './workspace.mjs';

enterWorkspace();
const quiet = ['--output-logs=errors-only', '--log-order=grouped'];

/** Steps of one group run side by side, groups one after another. @type {Record<string, () => Promise<unknown>>[]} */
const groups = [
  // First and alone: lint, snippets and API reference read the declarations that it writes.
  { build: () => runQuietly('turbo', ['run', 'build', ...quiet]) },
  {
    format: () => runQuietly('prettier', ['--check', '.', '--log-level', 'warn']),
    lint: () => runQuietly('oxlint', ['--type-aware', '--max-warnings', '0']),
    types: () => runQuietly('tsc', ['-p', '.']),
    'browser-types': () => runQuietly('tsc', ['-p', 'tsconfig.browser.json']),
    'playground-types': () => runQuietly('tsc', ['-p', 'examples/playground']),
    layers: () => runQuietly('depcruise', ['--config', '.dependency-cruiser.mjs', 'packages']),
    unused: () => runQuietly('knip', []),
    documents: () => runQuietly(process.execPath, ['scripts/check-documents.mjs']),
    snippets: () => runQuietly(process.execPath, ['scripts/check-snippets.mjs']),
    'api-docs': () => runQuietly('typedoc', ['--emit', 'none']),
  },
  {
    packages: () => runQuietly(process.execPath, ['scripts/package-check.mjs']),
    tarballs: () => runQuietly(process.execPath, ['scripts/try-tarballs.mjs']),
  },
  { tests: () => runTests('node') },
  { browser: () => runTests('browser') },
  { playground: () => runTests('playground') },
];

const wanted = process.argv.slice(2);
const known = groups.flatMap((group) => Object.keys(group));
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No step is called ${unknown.join(', ')}. Steps: ${known.join(', ')}.`);
  process.exit(2);
}

const count = { passed: 0, failed: 0 };
const failedSteps = [];
for (const group of groups) {
  const steps = Object.entries(group).filter(([name]) => wanted.length === 0 || wanted.includes(name));
  await inParallel(2, steps, runStep);
}
if (failedSteps.length > 0) console.log(`\nFailed steps: ${failedSteps.join(', ')}`);
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed > 0 ? 1 : 0;

async function runStep([name, step]) {
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  try {
    const { passed, failed } = (await step())?.tests ?? { passed: 1, failed: 0 };
    count.passed += passed;
    count.failed += failed;
    if (failed > 0) failedSteps.push(name);
    console.log(`${failed > 0 ? 'FAILED' : 'ok    '}  ${name} (${seconds()})`);
  } catch (error) {
    count.failed++;
    failedSteps.push(name);
    console.log(`${error.message}\nFAILED  ${name} (${seconds()})`);
  }
}

/**
 * The tests of one project of vitest.config.ts: units, graphs and parity in Node, those on a page of Chromium, or the
 * playground. Each test counts. Throws when it was not a test that failed.
 */
async function runTests(project) {
  const report = `.test-cache/vitest-${project}.json`;
  mkdirSync('.test-cache', { recursive: true });
  rmSync(report, { force: true });
  let failure;
  try {
    run('vitest', [
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
  } catch (error) {
    failure = error;
  }
  if (failure && !existsSync(report)) throw failure;
  const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(report, 'utf8'));
  if (failure && failed === 0) throw failure;
  return { tests: { passed, failed } };
}
