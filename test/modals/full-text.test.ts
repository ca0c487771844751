import { expect, test } from 'vitest';
import { translator } from '#i18n.ts';
import { fullTextView } from '#modals/full-text.ts';
import { validateView } from '../../playground/blocks/validate.ts';

const t = translator('en');
const page = (text: string, number: number) => fullTextView({ commentId: 7, text, page: number }, t);
const words = (view: ReturnType<typeof page>) =>
  view.blocks.flatMap((block) => (block.type === 'section' ? [(block as { text?: { text?: string } }).text?.text ?? ''] : [])).join('');

test.each(['a', 'ä', 'ж', '<b>&'])('however long a mail is, all of it can be read, and Slack takes every page: %s', (letters) => {
  const text = Array.from({ length: 4_000 }, (_, at) => `${at} ${letters.repeat(120 / letters.length)}`).join('\n');
  const seen: string[] = [];
  for (let isMore = true; isMore;) {
    const view = page(text, seen.length);
    expect(validateView(view, 'modal')).toEqual([]);
    expect(Buffer.byteLength(JSON.stringify(view))).toBeLessThan(250_000);
    seen.push(words(view));
    isMore = JSON.stringify(view).includes(`comment.page:${seen.length}`);
  }
  const all = seen.join('\n');
  for (const at of [0, 1, 1_999, 3_998, 3_999]) expect(all).toMatch(new RegExp(`(^|\\n)${at} `));
});

test('an empty mail says that it is empty; a page that is not there is the last', () => {
  expect(words(page('', 0))).toContain('There is no text');
  expect(words(page('short', 9))).toBe('short');
});
