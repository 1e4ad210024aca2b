// Takes the pictures of the README from the built playground: `npm run screenshots` here, after a build.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const { module } = await runnerImport('./test/served-page.ts', { root, configFile: false, logLevel: 'error' });
const { openPlayground, ServedPlayground, startChromium } = module;

const desktop = { viewport: { width: 1360, height: 900 }, deviceScaleFactor: 1.5 };
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

await mkdir(target, { recursive: true });
const [served, browser] = await Promise.all([ServedPlayground.start(), startChromium()]);
try {
  await take('playground-desktop', desktop, async (page) => {
    await converse(page, 'card', ['Which icon is in the picture?', 'What does the text say?']);
    await explore(page, 3, 3);
  });
  await take('playground-dark', { ...desktop, colorScheme: 'dark' }, async (page) => {
    await converse(page, 'shapes', ['What color is the star?', 'Describe the picture.']);
    await page.getByRole('radio', { name: 'Words' }).check();
    await explore(page, 1, 6);
  });
  await take('playground-start', desktop, () => Promise.resolve());
  await take('playground-phone', phone, (page) =>
    converse(page, 'icons', ['What is on the left?', 'What is on the right?']),
  );
  await take('playground-phone-inside', phone, async (page) => {
    await converse(page, 'icons', ['What is on the left?']);
    await page.getByRole('button', { name: 'Look inside' }).click();
    await explore(page, 3, 1);
  });
} finally {
  await browser.close();
  await served.stop();
}

async function take(name, options, prepare) {
  const { page } = await openPlayground(browser, served.address, { reducedMotion: 'reduce', ...options });
  await prepare(page);
  await page.waitForTimeout(1500);
  const { size } = await sharp(await page.screenshot())
    .webp({ quality: 84, effort: 6 })
    .toFile(`${target}${name}.webp`);
  console.log(`${name}.webp: ${(size / 1000).toFixed(0)} kB`);
  await page.context().close();
}

async function converse(page, sample, questions) {
  await page
    .getByRole('button', { name: `sample picture ${sample}`, exact: false })
    .first()
    .click();
  await page.locator('.draft-pictures img').waitFor();
  for (const [index, question] of questions.entries()) {
    await page.locator('#question').fill(question);
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.locator('.facts').nth(index).waitFor();
  }
}

/** Goes to a patch. */
async function explore(page, rows, columns) {
  const map = page.locator('.patch-map');
  await map.focus();
  for (let row = 0; row < rows; row++) await map.press('ArrowDown');
  for (let column = 0; column < columns; column++) await map.press('ArrowRight');
}
