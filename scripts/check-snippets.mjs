// Type-checks every ```ts block of the documents against the sources; "```ts fragment" is left out.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { markdownFiles } from './markdown-files.mjs';
import { enterWorkspace, publicPackages, runQuietly } from './workspace.mjs';

enterWorkspace();
const folder = '.test-cache/snippets';
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

for (const file of markdownFiles()) {
  const text = readFileSync(file, 'utf8');
  for (const { index, groups } of text.matchAll(/^```ts\n(?<code>[\s\S]*?)^```/gm)) {
    // As many lines before the code as in the document, so that an error's line is the document's.
    const line = text.slice(0, index).split('\n').length;
    const name = `${file.replaceAll(/[/\\]/g, '~')}.${line}.ts`;
    writeFileSync(join(folder, name), `${'\n'.repeat(line)}${groups.code}export {};\n`);
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
  for (const { folder: home, manifest } of publicPackages()) {
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
