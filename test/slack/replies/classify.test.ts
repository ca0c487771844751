import { describe, expect, test } from 'vitest';
import { LANGUAGES, translator } from '#i18n.ts';
import { NO_NAMES } from '#slack/inlines.ts';
import { type Classification, type IncomingMessage, classify } from '#slack/replies/classify.ts';
import { reasonText } from '#slack/replies/reason.ts';
import { documentFromMessage } from '#slack/rich-text.ts';
import { documentText } from '#text/document.ts';
import { BOT, contextIn } from './cast.ts';

const names = { ...NO_NAMES, user: (id: string) => (id === 'U0ANNA' ? 'Anna Virtanen' : undefined) };

describe('what becomes of a message', () => {
  test('a plain reply is public, with its words as written', () => {
    const found = classify(said('Hi Emma, your *line* works again.'), contextIn('en'));
    expect(found).toMatchObject({ kind: 'public', reason: { key: 'reply' } });
    expect(text(found)).toBe('Hi Emma, your line works again.');
  });

  test('a stranger is told how to join, a light agent is not', () => {
    expect(classify(said('Hi'), { ...contextIn('en'), authorRole: 'none' })).toMatchObject({
      kind: 'note',
      reason: { key: 'not_agent' },
      hint: 'ask-to-join',
    });
    expect(classify(said('Hi'), { ...contextIn('en'), authorRole: 'light' })).not.toHaveProperty('hint');
  });

  test('a mention keeps a message inside, and says whom it named', () => {
    expect(classify(said('<@U0ANNA> can help'), contextIn('en'))).toMatchObject({
      kind: 'note',
      reason: { key: 'mention', params: { name: 'Anna Virtanen' } },
    });
  });

  test('a mention behind a public mark becomes a name, and waits for a person', () => {
    const found = classify(said('public: Hi Emma, <@U0ANNA> will call you.'), contextIn('en'));
    expect(found).toMatchObject({ kind: 'held', reasons: [{ key: 'mentions' }] });
    expect(text(found)).toBe('Hi Emma, Anna Virtanen will call you.');
    expect(JSON.stringify(found)).not.toContain('"mention"');
  });

  test('a command is never a reply, whatever the channel and the ticket', () => {
    for (const policy of ['guarded', 'confirm', 'notes-first', 'alerts-only'] as const) {
      expect(classify(said(`<@${BOT}> solve`), { ...contextIn('en', { status: 'closed' }), policy })).toMatchObject({
        kind: 'command',
        verb: 'solve',
      });
    }
  });

  test('everything a person should know before confirming is said at once, the ticket first', () => {
    const found = classify(said('Hi Harriet, the form is attached.'), {
      ...contextIn('en', { status: 'solved', senderVerdict: 'fail' }),
      policy: 'confirm',
    });
    expect(found.kind === 'held' ? found.reasons.map(({ key }) => key) : []).toEqual([
      'ticket_solved',
      'sender_unverified',
      'nothing_attached',
      'wrong_greeting',
      'policy_confirm',
    ]);
  });

  test('a file without a word waits for a person', () => {
    expect(classify({ ...said(''), subtype: 'file_share', hasFiles: true, fileCount: 1 }, contextIn('en'))).toMatchObject({
      kind: 'held',
      reasons: [{ key: 'only_files' }],
    });
  });

  test('a message read without its blocks is read from its text', () => {
    const found = classify({ ...said(''), document: { blocks: [] }, text: 'note: call her' }, contextIn('en'));
    expect(found).toMatchObject({ kind: 'note', reason: { key: 'note_mark' } });
  });

  test('a date in the text is no mention', () => {
    expect(
      classify(
        { ...said('Hi Emma, your visit is on Monday.'), text: 'Hi Emma, your visit is on <!date^1772366400^{date}|Monday>.' },
        contextIn('en'),
      ).kind,
    ).toBe('public');
  });
});

test('every reason has words in every language', () => {
  const texts = [
    'note: x',
    '<@U0ANNA> x',
    'Hi Harriet, the form is attached. TK-99 @tom http://10.2.3.4/ ok 🔒 x',
    'Hei Emma, kaapeli on vaihdettu ja toimii nyt',
    'ok',
  ];
  const reasons = texts.flatMap((words) => {
    const found = classify(
      said(words),
      contextIn('en', { status: 'closed', isMerged: true, isRequesterReachable: false, senderVerdict: 'fail' }),
    );
    return found.kind === 'held' ? found.reasons : found.kind === 'command' ? [] : [found.reason];
  });
  expect(new Set(reasons.map(({ key }) => key)).size).toBeGreaterThan(10);
  for (const language of LANGUAGES) {
    for (const why of reasons) {
      const words = reasonText(translator(language), why);
      expect(words).not.toContain('{{');
      expect(words).not.toBe(why.key);
      expect(words.length).toBeGreaterThan(10);
    }
  }
  expect(reasonText(translator('en'), { key: 'other_language', params: { found: 'fi', expected: 'en' } })).toContain('Finnish');
});

function said(words: string): IncomingMessage {
  return {
    subtype: null,
    authorSlackId: 'U0SAM',
    isBot: false,
    document: documentFromMessage({ text: words }, names),
    text: words,
    hasFiles: false,
    fileCount: 0,
  };
}

function text(found: Classification): string {
  return 'document' in found ? documentText(found.document) : '';
}
