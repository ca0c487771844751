import type { View } from '@slack/types';
import type { Translate } from '#i18n.ts';
import { context, section } from '#slack/card.ts';
import { buttons } from '#slack/home/parts.ts';
import { escape, splitAtLines } from '#slack/mrkdwn.ts';
import type { Block } from '#slack/slack.ts';
import { plain } from './fields.ts';

const SECTION_CHARACTERS = 2_900;
/** Slack takes 100 blocks and 250 kB in a view. */
const MAX_SECTIONS = 90;
const MAX_BYTES = 150_000;

/** A whole message, nothing hidden, page by page. */
export function fullTextView({ commentId, text, page: wanted }: { commentId: number; text: string; page: number }, t: Translate): View {
  const pages = pagesOf(text);
  const page = Math.min(Math.max(wanted, 0), pages.length - 1);
  const turn = (to: number, label: string) => ({ action: `comment.page:${to}`, label, value: `${commentId}:${to}` });
  const turns = [
    ...(page > 0 ? [turn(page - 1, t('home:button.previous'))] : []),
    ...(page < pages.length - 1 ? [turn(page + 1, t('home:button.next'))] : []),
  ];
  const blocks: Block[] = [
    ...(pages[page] ?? []).map(section),
    ...(turns.length > 0 ? [context([`${page + 1} / ${pages.length}`]), buttons('full.pages', turns)] : []),
  ];
  return {
    type: 'modal',
    title: plain(t('modals:full.title')),
    close: plain(t('modals:done')),
    blocks: blocks.length > 0 ? blocks : [section(escape(t('modals:full.empty')))],
  } as View;
}

function pagesOf(text: string): string[][] {
  const pages: string[][] = [[]];
  let bytes = 0;
  for (const piece of splitAtLines(escape(text), SECTION_CHARACTERS).filter((one) => one.trim() !== '')) {
    const size = Buffer.byteLength(JSON.stringify(section(piece)));
    const page = pages.at(-1) ?? [];
    if (page.length > 0 && (page.length >= MAX_SECTIONS || bytes + size > MAX_BYTES)) {
      pages.push([piece]);
      bytes = size;
    } else {
      page.push(piece);
      bytes += size;
    }
  }
  return pages;
}
