/** Every mail a customer can get, as pages and pictures: `node scripts/mail-preview.ts DIRECTORY [--pictures]`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import chromium from '@sparticuz/chromium';
import { chromium as browsers } from 'playwright-core';
import { composeMail } from '#mail/compose.ts';
import type { OutgoingContent, RenderedMail } from '#mail/compose.ts';
import { LANGUAGES, TEMPLATES, addressing, example, hostileExample, strictTranslator } from '../test/mail/compose.examples.ts';

const WIDTHS_PX = [360, 800];
const SCHEMES = ['light', 'dark'] as const;
const PAGE_HEIGHT_PX = 640;

const [directory, ...options] = process.argv.slice(2);
if (directory === undefined) {
  console.error('Usage: node scripts/mail-preview.ts DIRECTORY [--pictures]');
  process.exit(64);
}

const pages = await writePages(resolve(directory));
console.log(`${pages.length} mails in ${directory}`);
if (options.includes('--pictures')) await takePictures(pages);

async function writePages(folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const template of TEMPLATES) {
    for (const language of LANGUAGES) {
      const automatic = template === 'reply' || template === 'message' ? null : 'auto-replied';
      const mail = composeMail(example(template, language), addressing({ automatic }), strictTranslator(language));
      written.push(await writePage(join(folder, `${template}.${language}.html`), mail));
    }
    const worst = composeMail(withBrightBrand(hostileExample(template)), addressing(), strictTranslator('en'));
    written.push(await writePage(join(folder, `${template}.worst.html`), worst));
  }
  return written;
}

async function writePage(file: string, mail: RenderedMail): Promise<string> {
  await writeFile(file, mail.html);
  await writeFile(file.replace(/html$/u, 'txt'), `Subject: ${mail.subject}\n\n${mail.text}`);
  return file;
}

function withBrightBrand(content: OutgoingContent): OutgoingContent {
  return { ...content, brand: { ...content.brand, colour: '#ffe600' } };
}

async function takePictures(files: string[]): Promise<void> {
  const browser = await browsers.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox'] });
  try {
    for (const colorScheme of SCHEMES) {
      for (const width of WIDTHS_PX) {
        const page = await browser.newPage({ colorScheme, viewport: { width, height: PAGE_HEIGHT_PX } });
        for (const file of files) {
          await page.goto(pathToFileURL(file).href);
          await page.screenshot({ path: file.replace(/html$/u, `${colorScheme}.${width}.png`), fullPage: true });
        }
        await page.close();
      }
    }
  } finally {
    await browser.close();
  }
}
