import chromium from '@sparticuz/chromium';
import { type Browser, type Page, chromium as driver } from 'playwright-core';

const DEADLINE_MILLISECONDS = 15_000;
/** Some make closing one page take the whole browser along; one switches off what the page relies on to keep mail harmless. */
const UNWANTED = new Set(['--single-process', '--no-zygote', '--disable-web-security', '--allow-running-insecure-content']);

/** The Chromium that comes with npm; nothing of the machine's is needed. */
export async function openBrowser(): Promise<Browser> {
  const args = [...chromium.args.filter((arg) => !UNWANTED.has(arg)), '--no-sandbox'];
  return driver.launch({ executablePath: await chromium.executablePath(), args, headless: true });
}

/** The page as one person sees it; what goes wrong in it is in `faults`. */
export async function openPage(
  browser: Browser,
  { url, as, width = 1_280, height = 860 }: { url: string; as: string; width?: number; height?: number },
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'en-GB', timezoneId: 'Europe/Helsinki' });
  const page = await context.newPage();
  page.setDefaultTimeout(DEADLINE_MILLISECONDS);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  await page.goto(`${url}/?as=${as}`);
  await page.waitForSelector('.columns .pane');
  return { page, faults };
}
