// Type-checks every ```ts block of the documents against the sources; "```ts fragment" is left out.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { markdownFiles } from './markdown-files.mjs';
import { enterWorkspace, runQuietly, workspaceFolders } from './workspace.mjs';

enterWorkspace();
const folder = '.test-cache/snippets';
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

// A block may stand on declarations that the reader need not see: `<!-- given` above it, up to `-->`.
const block = /(?:^<!-- given\n(?<given>[\s\S]*?)^-->\n\s*)?^```ts\n(?<code>[\s\S]*?)^```/gm;
for (const file of markdownFiles()) {
  const text = readFileSync(file, 'utf8');
  for (const { index, 0: whole, groups } of text.matchAll(block)) {
    const { given = '', code } = groups;
    // Every line stands where it stands in the document, so that errors name the right one.
    const start = linesOf(text.slice(0, index)) + (given === '' ? 0 : 1);
    const gap = linesOf(whole) - linesOf(given) - linesOf(code) - (given === '' ? 0 : 1);
    const name = `${file.replaceAll(/[/\\]/g, '~')}.${start + 1}.ts`;
    writeFileSync(join(folder, name), `${'\n'.repeat(start)}${given}${'\n'.repeat(gap)}${code}export {};\n`);
  }
}
writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings(), null, 2));
try {
  await runQuietly('tsc', ['-p', folder]);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** Packages are found by name wherever the snippet stands. */
function settings() {
  const paths = {};
  for (const home of workspaceFolders().filter((place) => place.startsWith('packages'))) {
    const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    for (const [entry, target] of Object.entries(manifest.exports)) {
      const source = target['ovis-source'];
      if (source !== undefined) paths[join(manifest.name, entry)] = [resolve(home, source)];
    }
  }
  const typeRoots = [resolve('node_modules/@types')];
  return {
    extends: resolve('tsconfig.base.json'),
    compilerOptions: { paths, typeRoots, types: ['node'] },
    include: ['*.ts'],
  };
}

function linesOf(text) {
  return text.split('\n').length - 1;
}
