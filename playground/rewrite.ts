import { withEmojiNames } from './emoji.ts';

/** Code keeps its text; tokens are already links or mentions. */
const KEPT = /```[\s\S]*?```|`[^`\n]+`|<(?:[@#!][^<>\n]+|(?:https?:\/\/|mailto:|tel:|slack:)[^<>\n]+)>/g;
const URL = /\bhttps?:\/\/(?:(?!&[lg]t;)[^\s<>|])*(?!&[lg]t;)[^\s<>|.,;:!?'")\]}*_~`]/g;
const ADDRESS = /(?<![\w.+/-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** What Slack makes of the text an app sends: stray signs escaped, bare links and addresses marked, emoji named. */
export function rewriteAppText(text: string): string {
  return mapPlain(text, (plain) => marked(escapeStray(plain)));
}

/** The same for text a person typed, where nothing is markup yet. */
export function escapeTyped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Applies `change` to everything that is neither code nor token. */
export function mapPlain(text: string, change: (plain: string) => string): string {
  let result = '';
  let from = 0;
  for (const kept of text.matchAll(KEPT)) {
    result += change(text.slice(from, kept.index)) + (kept[0].startsWith('`') ? escapeStray(kept[0]) : kept[0]);
    from = kept.index + kept[0].length;
  }
  return result + change(text.slice(from));
}

export function marked(text: string): string {
  const linked = text.replaceAll(URL, (url) => `<${url}>`);
  const addressed = linked
    .split(/(<[^>]*>)/)
    .map((part) => (part.startsWith('<') ? part : part.replaceAll(ADDRESS, (address) => `<mailto:${address}|${address}>`)))
    .join('');
  return withEmojiNames(addressed);
}

function escapeStray(text: string): string {
  return text
    .replaceAll(/&(?!(?:amp|lt|gt);)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
