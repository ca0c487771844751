import type { Block, Inline } from '#text/document.ts';
import { safeUrl } from './mrkdwn.ts';

/** What mentions are called. Undefined is "nobody knows": the id then stands for the name. */
export interface MentionNames {
  user(id: string): string | undefined;
  group(id: string): string | undefined;
  channel(id: string): string | undefined;
}

export const NO_NAMES: MentionNames = { user: () => undefined, group: () => undefined, channel: () => undefined };

export type TextStyle = Omit<Extract<Inline, { type: 'text' }>, 'type' | 'text'>;

/** An empty line ends a paragraph; a single line end stays one. */
export function paragraphsOf(inlines: Inline[]): Block[] {
  const paragraphs: Inline[][] = [[]];
  let breaks = 0;
  for (const inline of inlines) {
    if (inline.type === 'break') {
      breaks += 1;
      continue;
    }
    if (breaks > 0 && isBlank(inline)) continue;
    const current = paragraphs.at(-1) ?? [];
    if (breaks > 1) paragraphs.push([inline]);
    else current.push(...(breaks === 1 && current.length > 0 ? [{ type: 'break' as const }] : []), inline);
    breaks = 0;
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0).map((paragraph) => ({ type: 'paragraph', inlines: paragraph }));
}

/** Text with its line ends as breaks. */
export function textInlines(text: string, style: TextStyle = {}): Inline[] {
  return text.split('\n').flatMap((line, index): Inline[] => {
    const words: Inline[] = line === '' ? [] : [{ type: 'text', text: line, ...style }];
    return index > 0 ? [{ type: 'break' }, ...words] : words;
  });
}

/** A link a customer may follow, or else its words. */
export function linkInline(url: string, text: string): Inline {
  if (safeUrl(url) === null) return { type: 'text', text: text || url };
  return { type: 'link', url, text: text || url };
}

function isBlank(inline: Inline): boolean {
  return inline.type === 'text' && !inline.code && inline.text.trim() === '';
}
