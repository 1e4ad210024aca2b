// Checks that every public package has a README with a start, and that relative links of all Markdown files resolve.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ignoredByGit, markdownFiles } from './markdown-files.mjs';
import { enterWorkspace, publicPackages } from './workspace.mjs';

enterWorkspace();
const problems = [];

for (const { folder, manifest } of publicPackages()) {
  const file = join(folder, 'README.md');
  if (!existsSync(file)) {
    problems.push(`${file} is missing: say what ${manifest.name} is and show ten lines of use.`);
    continue;
  }
  const text = readFileSync(file, 'utf8');
  if (!text.startsWith(`# ${manifest.name}\n`)) problems.push(`${file} should start with "# ${manifest.name}".`);
  if (!/^```(ts|js|sh)$/m.test(text)) problems.push(`${file} shows no use (a \`\`\`ts, js or sh block).`);
}

const linked = new Map(); // place -> the file that links to it
for (const file of markdownFiles()) {
  const text = withoutCode(readFileSync(file, 'utf8'));
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [path, anchor] = target.split('#');
    const place = path === '' ? file : join(dirname(file), path);
    linked.set(place, file);
    if (!existsSync(place)) problems.push(`${file} links to ${target}, which does not exist.`);
    else if (anchor && place.endsWith('.md') && !anchors(place).has(anchor)) {
      problems.push(`${file} links to ${target}, and ${place} has no such heading.`);
    }
  }
}

for (const place of ignoredByGit([...linked.keys()])) {
  problems.push(`${linked.get(place)} links to ${place}, which git ignores: it is missing from a clone.`);
}

// The accuracies in the README of the embedded model are those of its card, so that a new training changes both.
const measured = (file) => readFileSync(file, 'utf8').match(/^\|.* % .*$/gm) ?? [];
const cells = (line) =>
  line
    .split('|')
    .map((cell) => cell.trim())
    .join('|');
const card = new Set(measured('packages/nano/MODEL_CARD.md').map(cells));
for (const line of measured('packages/nano/README.md').filter((row) => !card.has(cells(row)))) {
  problems.push(`packages/nano/README.md says "${line.trim()}"; MODEL_CARD.md does not.`);
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exitCode = 1;
}

function withoutCode(text) {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

/** Anchors of a file's headings, made as code hosts make them. */
function anchors(file) {
  const headings = withoutFences(readFileSync(file, 'utf8')).matchAll(/^#+ (.*)$/gm);
  return new Set(Array.from(headings, ([, heading]) => anchorOf(heading)));
}

function withoutFences(text) {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '');
}

function anchorOf(heading) {
  const words = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '');
  return words.trim().replaceAll(/\s/g, '-');
}
