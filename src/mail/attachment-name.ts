import { oneLine } from './one-line.ts';

const MAX_FILENAME_CHARACTERS = 150;
const FALLBACK = 'file';

/** A file's name as the mail carries and lists it: no folders, no turned directions, nothing a file system refuses. */
export function attachmentName(filename: string): string {
  const name = oneLine(filename, Number.POSITIVE_INFINITY)
    .replace(/[\u200E\u200F\u061C]/gu, '')
    .replace(/[/\\:*?"<>|]/gu, '_');
  return shortened(name) || FALLBACK;
}

/** Keeps the extension, which decides what opens the file. */
function shortened(name: string): string {
  if (name.length <= MAX_FILENAME_CHARACTERS) return name;
  const extension = /\.[\w-]{1,12}$/u.exec(name)?.[0] ?? '';
  return oneLine(name.slice(0, name.length - extension.length), MAX_FILENAME_CHARACTERS - extension.length) + extension;
}
