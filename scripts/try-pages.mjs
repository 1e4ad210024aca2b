// Starts the servers of examples, and asks on their pages in a real browser.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { chromiumArgs, findChromium } from './chromium.mjs';
import { root } from './workspace.mjs';

const samplePictures = join(root, 'examples', 'images');
const sampleQuestions = JSON.parse(readFileSync(join(samplePictures, 'questions.json'), 'utf8'));

/** Runs `work` with the address that a script of the app prints when its server listens, then ends the server. */
export async function withServer(app, script, work) {
  const child = spawn(process.execPath, script, { cwd: app, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    const address = await new Promise((resolve, reject) => {
      const read = (chunk) => {
        output += chunk;
        const [found] = /http:\/\/[\d.:]+\//u.exec(output) ?? [];
        if (found !== undefined) resolve(found);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', reject);
      void ended.then((status) => reject(new Error(`${output}\n${script.join(' ')} ended with ${status}.`)));
    });
    return await work(address);
  } catch (error) {
    throw new Error(`${script.join(' ')} in ${app}: ${error.message}\n${output}`, { cause: error });
  } finally {
    child.kill();
    await ended;
  }
}

/** Runs `work` with a page of a real Chromium; an error on its console is a failure. */
export async function withPage(address, work) {
  const { executablePath, env } = await findChromium();
  const browser = await chromium.launch({ executablePath, args: chromiumArgs, env });
  try {
    const page = await browser.newPage();
    const problems = [];
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(address);
    try {
      await work(page);
    } catch (error) {
      throw new Error(`${error.message}\nThe page says: ${await page.innerText('body')}\n${problems.join('\n')}`, {
        cause: error,
      });
    }
    if (problems.length > 0) throw new Error(`The console of ${address} says:\n${problems.join('\n')}`);
  } finally {
    await browser.close();
  }
}

/** Asks what the sample icon is, and waits for the right answer. */
export async function askOnPage(page) {
  await page.locator('#picture').setInputFiles(join(samplePictures, 'icon.png'));
  await page.locator('#question').fill('What is this?');
  await page.locator('#ask:enabled').click({ timeout: 120_000 });
  const { answer } = sampleQuestions.find(
    ({ image, question }) => image === 'icon.png' && question === 'What is this?',
  );
  await page.locator('#answer').filter({ hasText: answer }).waitFor({ timeout: 120_000 });
  await page.locator('#ask:enabled').waitFor();
}
