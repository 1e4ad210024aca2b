// Installs the packed packages as an app outside this repository would, and uses them there.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packPublicPackages } from './pack.mjs';
import { askOnPage, withPage, withServer } from './try-pages.mjs';
import { enterWorkspace, inParallel, root, runQuietly } from './workspace.mjs';

enterWorkspace();
const runtimes = ['onnxruntime-node@1.30.0', 'sharp@0.34.5'];
const folder = mkdtempSync(join(tmpdir(), 'ovis-try-'));
try {
  const packed = packPublicPackages(join(folder, 'tarballs'));
  const attempts = [describeAPicture, everyPackageAlone, plainPage, webFramework, evaluateEmbedded];
  await inParallel(2, attempts, (attempt) => attempt(packed));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The app of examples/node-describe: without a runtime, which must be asked for, and with both. */
async function describeAPicture(packed) {
  const app = await exampleApp('node-describe', packed);
  const run = ['describe.mjs', join(root, 'examples', 'images', firstPicture())];
  expectText(await failure(process.execPath, run, app), 'npm install', 'Without the runtimes');

  await npm(['install', ...runtimes, '--ignore-scripts'], app);
  const answer = await runQuietly(process.execPath, run, { cwd: app });
  expectText(answer, 'tokens,', 'With both runtimes');
  console.log(`node-describe: ${answer.replaceAll('\n', ' ')}`);

  for (const [name, command] of [
    ['onnxruntime-node', 'npm install onnxruntime-node --ignore-scripts'],
    ['sharp', 'npm install sharp'],
  ]) {
    const place = join(app, 'node_modules', name);
    renameSync(place, `${place}-away`);
    const message = await failure(process.execPath, run, app);
    renameSync(`${place}-away`, place);
    expectText(message, 'BackendUnavailableError', `Without ${name}`);
    expectText(message, command, `Without ${name}`);
  }
}

/** The page of examples/plain-page, in a browser. */
async function plainPage(packed) {
  const app = await exampleApp('plain-page', packed);
  await npm(['install', 'onnxruntime-web@1.30.0'], app);
  await withServer(app, ['serve.mjs', '0'], (address) =>
    withPage(address, async (page) => {
      await askOnPage(page);
      expectText(await page.locator('#state').innerText(), 'tokens,', 'On the plain page');
      console.log(`plain-page: ${await page.locator('#answer').innerText()}`);
    }),
  );
}

/** The app of examples/web-framework: an answer from its server, one in the browser, and a refused picture. */
async function webFramework(packed) {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'examples', 'web-framework', 'package.json'), 'utf8'));
  const others = Object.entries(dependencies).filter(([name]) => !packed.some((own) => own.name === name));
  const app = await exampleApp('web-framework', packed);
  await npm(['install', ...others.map(([name, range]) => `${name}@${range}`), '--ignore-scripts'], app);
  await withServer(app, ['server.mjs', '0'], async (address) => {
    await withPage(address, async (page) => {
      await askOnPage(page);
      console.log(`web-framework, server: ${await page.locator('#answer').innerText()}`);
      await page.getByLabel('In this browser').check();
      await askOnPage(page);
      console.log(`web-framework, browser: ${await page.locator('#answer').innerText()}`);
    });
    const form = new FormData();
    form.set('picture', new File(['no picture'], 'notes.txt'));
    form.set('question', 'What is this?');
    const refused = await fetch(new URL('answer', address), { method: 'POST', body: form });
    if (refused.status !== 400) throw new Error(`A text as picture gave ${refused.status}: ${await refused.text()}`);
  });
}

/** Each package with nothing else asked for: what it needs must come with it, and it must import. */
async function everyPackageAlone(packed) {
  await inParallel(1, packed, async ({ name }) => {
    const app = join(folder, 'alone', name.replace('/', '-'));
    mkdirSync(app, { recursive: true });
    await makeApp(app, packed, [name]);
    await runQuietly(process.execPath, ['--input-type=module', '-e', `await import('${name}')`], { cwd: app });
    console.log(`${name}: installs and imports alone`);
  });
}

/** `ovis eval nano`, first without its questions, which must be asked for. */
async function evaluateEmbedded(packed) {
  const app = join(folder, 'evaluation');
  mkdirSync(app);
  await makeApp(app, packed, ['@ovis/cli']);
  const evaluation = ['node_modules/@ovis/cli/bin/ovis.mjs', 'eval', 'nano', '--only', 'shape', '--limit', '20', '-q'];
  expectText(await failure(process.execPath, evaluation, app), 'npm install @ovis/nano-sets', 'Without questions');
  await makeApp(app, packed, ['@ovis/cli', '@ovis/nano-sets']);
  await npm(['install', ...runtimes, '--ignore-scripts'], app);
  const table = await runQuietly(process.execPath, evaluation, { cwd: app });
  expectText(table, 'Shape of a color', 'With questions');
  console.log(`ovis eval nano: ${table.split('\n').find((line) => line.startsWith('Shape'))}`);
}

/** A copy of an example outside the repository, with our packages and no other. */
async function exampleApp(name, packed) {
  const app = join(folder, name);
  cpSync(join(root, 'examples', name), app, { recursive: true });
  await makeApp(app, packed, ['ovis', '@ovis/nano']);
  return app;
}

/** An empty app that depends on `names`; packages of this repository come from their tarballs wherever they are needed. */
async function makeApp(app, packed, names) {
  const file = Object.fromEntries(packed.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const dependencies = Object.fromEntries(names.map((name) => [name, file[name]]));
  const overrides = Object.fromEntries(Object.entries(file).filter(([name]) => !names.includes(name)));
  const manifest = { name: 'app', private: true, type: 'module', dependencies, overrides };
  writeFileSync(join(app, 'package.json'), JSON.stringify(manifest, null, 2));
  await npm(['install'], app); // with scripts: none of ours may need one
}

function npm(args, cwd) {
  return runQuietly('npm', [...args, '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], { cwd });
}

/** What a command prints that is meant to fail. */
async function failure(tool, args, cwd) {
  let output;
  try {
    output = await runQuietly(tool, args, { cwd });
  } catch (error) {
    return error.message;
  }
  throw new Error(`${tool} ${args.join(' ')} should have failed, but printed:\n${output}`);
}

function expectText(output, text, where) {
  if (!output.includes(text)) throw new Error(`${where}, expected "${text}" in:\n${output}`);
}

function firstPicture() {
  const picture = readdirSync(join(root, 'examples', 'images')).find((name) => /\.(png|jpe?g|webp)$/.test(name));
  if (picture === undefined) throw new Error('examples/images holds no picture.');
  return picture;
}
