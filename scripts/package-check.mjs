// Packs every public package and checks the tarballs: publint, Are The Types Wrong, size.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packPublicPackages } from './pack.mjs';
import { enterWorkspace, inParallel, runQuietly } from './workspace.mjs';

const largestPackage = 20_000_000; // bytes; the embedded model is the largest

enterWorkspace();
const folder = mkdtempSync(join(tmpdir(), 'ovis-pack-'));
try {
  await inParallel(2, packPublicPackages(folder), async ({ name, tarball }) => {
    await runQuietly('publint', ['run', tarball, '--strict']);
    await runQuietly('attw', [tarball, '--profile', 'esm-only', '--quiet']);
    const bytes = statSync(tarball).size;
    if (bytes > largestPackage)
      throw new Error(`${name} packs to ${bytes} bytes; at most ${largestPackage} are wanted.`);
    console.log(`${name}: ${(bytes / 1e3).toFixed(0)} kB`);
  });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
