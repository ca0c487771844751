import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bold,
  channelMention,
  code,
  codeBlock,
  dateToken,
  escape,
  groupMention,
  link,
  quote,
  safeUrl,
  shorten,
  splitAtLines,
  unescape,
  userMention,
} from '#slack/mrkdwn.ts';

const HOSTILE = [
  '<!channel>',
  '<!here|here>',
  '<@U0123>',
  '<#C0123>',
  '<!subteam^S1>',
  '&lt;!channel&gt;',
  '<https://evil.example|your bank>',
  '<!date^1^{date}|x>',
  '```',
  '*b*',
  'a|b>c',
];

describe('text from outside', () => {
  test.each(HOSTILE)('%s stays text', (text) => {
    expect(escape(text)).not.toMatch(/<[@!#h]/);
    expect(unescape(escape(text))).toBe(text);
  });

  test('of any kind comes back as it was, and holds no sign that opens a token', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escape(text)).not.toMatch(/[<>]/);
        expect(unescape(escape(text))).toBe(text);
      }),
    );
  });

  test('escaped by Slack twice is unescaped once', () => {
    expect(unescape('&amp;lt;!channel&amp;gt;')).toBe('&lt;!channel&gt;');
  });

  test('cannot close the formatting it is put in', () => {
    expect(bold(escape('a* b *c'))).toBe('*a∗ b ∗c*');
    expect(bold(escape('two\nlines'))).toBe('*two lines*');
    expect(bold('')).toBe('');
    expect(code(escape('a`b'))).toBe('`aˋb`');
    expect(codeBlock(escape('x\n```\n<!channel>'))).toBe('```\nx\nˋˋˋ\n&lt;!channel&gt;\n```');
    expect(quote(escape('a\n> b'))).toBe('>a\n>&gt; b');
  });
});

describe('a link', () => {
  test('shows its words', () => {
    expect(link('https://example.com/a?b=1&c=2', 'the form')).toBe('<https://example.com/a?b=1&amp;c=2|the form>');
    expect(link('https://example.com')).toBe('<https://example.com>');
  });

  test.each(['https://bank.example', 'bank.example', 'Go to www.bank.example now', 'info@bank.example'])(
    'cannot call itself %s and go elsewhere',
    (words) => {
      expect(link('https://evil.example/x', words)).toBe(`${escape(words)} <https://evil.example/x>`);
    },
  );

  test('may be called by its own host', () => {
    expect(link('https://www.bank.example/login', 'bank.example')).toBe('<https://www.bank.example/login|bank.example>');
    expect(link('mailto:info@bank.example', 'info@bank.example')).toBe('<mailto:info@bank.example|info@bank.example>');
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', '/etc/passwd', 'https://a b', 'not a url', 'file:///etc/passwd'])(
    'to %s is words',
    (url) => {
      expect(safeUrl(url)).toBeNull();
      expect(link(url, 'click')).not.toContain('<');
    },
  );

  test('keeps to its token whatever address and words hold', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (path, words) => {
        const made = link(`https://example.com/${path}`, words);
        expect(made.match(/</g)?.length ?? 0).toBeLessThanOrEqual(1);
        expect(made).not.toMatch(/<[@!#]/);
      }),
    );
  });
});

test('a mention is made of an id and of nothing else', () => {
  expect(userMention('U0123ABC')).toBe('<@U0123ABC>');
  expect(groupMention('S0123')).toBe('<!subteam^S0123>');
  expect(channelMention('C0123')).toBe('<#C0123>');
  expect(userMention('U1><!channel')).toBe('@U1&gt;&lt;!channel');
  expect(channelMention('here|x')).toBe('#here|x');
});

test('a time is shown in each reader’s own zone, with words for where that cannot be', () => {
  expect(dateToken(new Date('2026-03-01T12:00:00Z'), '{date_short_pretty} {time}', '1 March, 12:00 UTC')).toBe(
    '<!date^1772366400^{date_short_pretty} {time}|1 March, 12:00 UTC>',
  );
  expect(dateToken(new Date(0), '{time}', 'a|b>c^d')).toBe('<!date^0^{time}|a b c d>');
});

describe('splitting long text', () => {
  test('cuts at line ends and loses nothing', () => {
    const text = Array.from({ length: 500 }, (_, index) => `line ${index} of a long mail`).join('\n');
    const pieces = splitAtLines(text, 300);
    expect(pieces.join('')).toBe(text);
    expect(pieces.slice(0, -1).every((piece) => piece.endsWith('\n') && piece.length <= 300)).toBe(true);
  });

  test('of any kind keeps to the limit and loses nothing', () => {
    const unit = fc.constantFrom('a', 'b ', '\n', '&amp;', '<https://x.example|y>', '👍', 'word ');
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 200 }), fc.integer({ min: 60, max: 120 }), (units, limit) => {
        const text = units.join('');
        const pieces = splitAtLines(text, limit);
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(limit);
          expect(piece.isWellFormed()).toBe(true);
          expect(piece.match(/</g)?.length ?? 0).toBe(piece.match(/>/g)?.length ?? 0);
          expect(piece).not.toMatch(/&(?:a|am|amp)?$/);
        }
      }),
    );
  });

  test('closes a code block it cuts and opens it again', () => {
    const pieces = splitAtLines(`before\n\`\`\`\n${'x = 1\n'.repeat(60)}\`\`\`\nafter`, 120);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.filter((piece) => piece.split('```').length % 2 === 0)).toEqual([]);
    expect(pieces.every((piece) => piece.length <= 120)).toBe(true);
  });
});

test('a shortened text ends at a word and is never longer than asked', () => {
  expect(shorten('The printer on the second floor is broken', 20)).toBe('The printer on the…');
  expect(shorten('short', 20)).toBe('short');
  expect(shorten('👍👍👍👍👍', 4).isWellFormed()).toBe(true);
});
