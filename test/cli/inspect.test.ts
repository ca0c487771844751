import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspect } from '../../src/cli/inspect.ts';

const FIELDS =
  'file ms error messageId date subject from replyTo to cc inReplyTo references requester kind suppressAutoReply reasons bounce forwarded text replyText quotedText signature html language attachments authentication problems'.split(
    ' ',
  );

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inspect-'));
});

afterEach(() => rm(folder, { recursive: true }));

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/mail/${name}.eml`, import.meta.url));
}

async function linesOf(files: string[], save?: string): Promise<{ code: number; lines: Record<string, unknown>[] }> {
  const lines: string[] = [];
  const code = await inspect(files, save ? { save } : {}, (line) => lines.push(line));
  return { code, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

test('each file gives one line with every field', async () => {
  const { code, lines } = await linesOf([fixture('gmail-reply-finnish'), fixture('bounce-standard-report')]);
  expect(code).toBe(0);
  expect(lines.map((line) => Object.keys(line).toSorted())).toEqual([FIELDS.toSorted(), FIELDS.toSorted()]);
  expect(lines.map(({ file, error, kind }) => ({ file, error, kind }))).toEqual([
    { file: 'gmail-reply-finnish.eml', error: null, kind: 'message' },
    { file: 'bounce-standard-report.eml', error: null, kind: 'bounce' },
  ]);
});

test('saved files are named by what they hold', async () => {
  const save = join(folder, 'saved');
  const { lines } = await linesOf([fixture('inline-image-and-file')], save);
  const attachments = lines[0]?.['attachments'] as { filename: string; sha256: string }[];
  const pdf = attachments.find(({ filename }) => filename === 'pöytäkirja.pdf');
  expect(await readFile(join(save, pdf?.sha256 ?? ''), 'utf8')).toBe('%PDF-1.4\n');
  expect(attachments.every((attachment) => !('bytes' in attachment))).toBe(true);
});

test('broken mail is an answer, a missing file is named, and both leave exit code 0', async () => {
  const broken = join(folder, 'broken.eml');
  await writeFile(broken, Buffer.from([0xff, 0x00, 0x0a, 0x3a]));
  const { code, lines } = await linesOf([broken, join(folder, 'missing.eml')]);
  expect(code).toBe(0);
  expect(lines[0]).toMatchObject({ file: 'broken.eml', error: null });
  expect(lines[1]).toMatchObject({ file: 'missing.eml', error: expect.stringContaining('ENOENT') });
  expect(Object.keys(lines[1] ?? {}).toSorted()).toEqual(FIELDS.toSorted());
});
