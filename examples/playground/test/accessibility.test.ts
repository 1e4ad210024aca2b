import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { sampleAnswer } from './sample-answer.ts';
import { sharedPlayground } from './shared-playground.ts';

const playground = sharedPlayground();

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test.for(['light', 'dark'] as const)('axe finds nothing to complain about in %s colours', async (colorScheme) => {
  const { page, problems } = await playground.open({ colorScheme, reducedMotion: 'reduce' });
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'sample picture count' }).click();
  await page.getByRole('button', { name: 'How many objects are there?' }).click();
  await page.locator('.facts').waitFor();
  await page.locator('.patch-map').focus();
  expect(await violations(page)).toEqual([]);
  for (const name of ['Settings', 'Model: ovis-nano']) {
    await page.getByRole('button', { name }).click();
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused(page)).toContain(name);
  }
  expect(problems).toEqual([]);
});

test('everything is reached and done with the keyboard, and spoken', async () => {
  const { page, problems } = await playground.open();
  await page.evaluate(() => {
    const spoken: string[] = [];
    Reflect.set(window, 'spoken', spoken);
    const place = document.querySelector('[role=status]');
    if (place === null) throw new Error('Nothing speaks.');
    new MutationObserver(() => spoken.push(place.textContent)).observe(place, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await tabTo(page, 'Skip to the question');
  await page.keyboard.press('Enter');
  expect(await focused(page)).toContain('question');
  await page.keyboard.press('Shift+Tab');
  expect(await focused(page)).toContain('sample picture');
  await page.keyboard.press('Enter');
  await page.locator('.draft-pictures img').waitFor();
  await page.waitForFunction(() => document.activeElement?.id === 'question');
  await page.keyboard.type('Which icon is in the picture?');
  await page.keyboard.press('Enter');
  await page.locator('.facts').waitFor();
  await tabTo(page, 'What the model sees in card.png');
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
  expect(await page.locator('.patch-place').innerText()).toContain('Row 2, column 3');
  const spoken: string[] = await page.evaluate(() => Reflect.get(window, 'spoken'));
  expect(spoken).toContain(sampleAnswer('card.png', 'Which icon is in the picture?'));
  expect(spoken.some((text) => text.startsWith('Row 2, column 3: entropy'))).toBe(true);
  expect(problems).toEqual([]);
});

test('a phone shows all of it without scrolling sideways', async () => {
  const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
  const { page, problems } = await playground.open(phone);
  await expectNoSidewaysScroll(page);
  await page.getByRole('button', { name: 'sample picture icons' }).tap();
  await page.getByRole('button', { name: 'How many objects are there?' }).tap();
  await page.locator('.facts').waitFor();
  await expectNoSidewaysScroll(page);
  await page.getByRole('button', { name: 'Look inside' }).tap();
  await page.locator('.patch-map').tap();
  expect(await page.locator('.patch-words li').count()).toBe(5);
  await expectNoSidewaysScroll(page);
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Back to the conversation' }).tap();
  await page.waitForFunction(() => document.activeElement?.id === 'inside-button');
  for (const name of ['Settings', 'Model: ovis-nano']) {
    await page.getByRole('button', { name }).tap();
    await page.getByRole('dialog').waitFor();
    await expectNoSidewaysScroll(page);
    await page.getByRole('button', { name: 'Close' }).tap();
  }
  expect(problems).toEqual([]);
});

/** Rules that the page breaks, with the elements that do. */
async function violations(page: Page): Promise<string[]> {
  // Through the debugger: the page itself runs no code from text.
  await page.evaluate(`if (!('axe' in window)) { ${axe} }; undefined`);
  const results = await page.evaluate(
    (): Promise<AxeResults> => Reflect.get(window, 'axe').run(document, { resultTypes: ['violations'] }),
  );
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/** Presses Tab until the element of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if ((await focused(page)).includes(name)) return;
  }
  throw new Error(`Tab never reaches ${name}.`);
}

/** What has the focus, in words. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    return element === null ? '' : `${element.id} ${element.getAttribute('aria-label') ?? ''} ${element.textContent}`;
  });
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const widths = await page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: innerWidth,
    wide: [...document.querySelectorAll('dialog, .talk-scroll, .inside')].filter(
      (element) => element.scrollWidth > element.clientWidth,
    ).length,
  }));
  expect(widths).toEqual({ content: widths.window, window: 360, wide: 0 });
}
