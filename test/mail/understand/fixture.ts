import { readFile } from 'node:fs/promises';
import { EMPTY_CONTEXT } from '#mail/understand/letter.ts';
import type { Letter, UnderstandingContext } from '#mail/understand/letter.ts';
import { understand } from '#mail/understand/parse.ts';

export function fixtureBytes(name: string): Promise<Buffer> {
  return readFile(new URL(`../../fixtures/mail/${name}.eml`, import.meta.url));
}

export async function withFixture(name: string, context: Partial<UnderstandingContext> = {}): Promise<Letter> {
  return understand(await fixtureBytes(name), { ...EMPTY_CONTEXT, ...context });
}

/** A mail from its headers and body; header lines may be bytes written as Latin-1. */
export function mailOf(headers: string[], body: string): Buffer {
  return Buffer.from([...headers, '', body].join('\r\n'), 'latin1');
}

export async function letterOf(headers: string[], body = 'Hi', context: Partial<UnderstandingContext> = {}): Promise<Letter> {
  const from = headers.some((header) => header.startsWith('From:')) ? [] : ['From: Liisa <liisa@example.com>'];
  return understand(mailOf([...from, 'To: support@example.org', ...headers], body), { ...EMPTY_CONTEXT, ...context });
}
