import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO_NAMES } from '#slack/inlines.ts';
import { type IncomingMessage, type ReplyContext, classify } from '#slack/replies/classify.ts';
import { documentFromMessage } from '#slack/rich-text.ts';
import { documentText } from '#text/document.ts';
import { BOT, contextIn } from './cast.ts';
import { CLEAN, DOUBTFUL, type Payload, payloadOf } from './messages.ts';
import { type Case, NOTE_MARKS, PUBLIC_MARKS, predict } from './oracle.ts';

const SEED = 20_261_123;
const CASES = 12_000;
const TEXTS = 3_000;

const language = fc.constantFrom('en', 'fi', 'sv', 'ru');
const anyCase: fc.Arbitrary<Case> = fc
  .record({
    author: often('agent', 'admin', 'light', 'none', 'bot', 'ourselves'),
    subtype: often<string | null>(
      null,
      'file_share',
      'me_message',
      'thread_broadcast',
      'channel_join',
      'message_changed',
      'bot_message',
      'tombstone',
    ),
    policy: often('guarded', 'confirm', 'notes-first', 'alerts-only'),
    language,
    status: often('open', 'new', 'pending', 'on_hold', 'solved', 'closed'),
    isMerged: seldom(),
    isReachable: seldom().map((yes) => !yes),
    verdict: often('pass', 'none', 'fail'),
    marks: fc.oneof(
      { weight: 3, arbitrary: fc.constant<string[]>([]) },
      { weight: 3, arbitrary: fc.constantFrom(...NOTE_MARKS).map((mark) => [mark]) },
      { weight: 3, arbitrary: fc.constantFrom(...PUBLIC_MARKS).map((mark) => [mark]) },
      { weight: 1, arbitrary: fc.array(fc.constantFrom(...NOTE_MARKS, ...PUBLIC_MARKS), { minLength: 2, maxLength: 3 }) },
    ),
    hasLockAtEnd: seldom(),
    mention: often('nobody', 'user', 'group', 'channel', 'everyone', 'bot'),
    isBotFirst: seldom(),
    place: often('paragraph', 'list', 'quote', 'code'),
    formatting: often('plain', 'bold', 'italic', 'code', 'split'),
    dressing: often('plain', 'upper', 'decomposed', 'invisible', 'wide-colon', 'spaced-colon', 'no-break-space', 'blank-first'),
    body: often('clean', 'doubtful'),
    isTextOnly: fc.boolean(),
  })
  .map(possible);

describe('every message is what the table of rules says', () => {
  test('for thousands of messages over marks, places, authors, policies, formatting, languages and ticket states', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(anyCase, fc.nat(), (one, pick) => {
        const bodies = one.body === 'clean' ? CLEAN[one.language] : DOUBTFUL[one.language];
        const payload = payloadOf(one, bodies[pick % bodies.length] ?? '');
        const found = classify(incoming(one, payload), context(one));
        seen.set(found.kind, (seen.get(found.kind) ?? 0) + 1);
        expect({ kind: found.kind, payload }).toEqual({ kind: predict(one), payload });
      }),
      { seed: SEED, numRuns: CASES },
    );
    const rare = ['ignored', 'note', 'command', 'held', 'public'].filter((kind) => (seen.get(kind) ?? 0) < CASES / 100);
    expect(rare).toEqual([]);
  });

  test('what is public or held no longer shows its mark', () => {
    fc.assert(
      fc.property(anyCase, fc.constantFrom(...PUBLIC_MARKS), (one, mark) => {
        const plain: Case = {
          ...one,
          author: 'agent',
          subtype: null,
          policy: 'guarded',
          marks: [mark],
          mention: 'nobody',
          isBotFirst: false,
          hasLockAtEnd: false,
          place: 'paragraph',
          formatting: 'plain',
          body: 'clean',
          isTextOnly: false,
        };
        const body = CLEAN[plain.language][0] ?? '';
        const found = classify(incoming(plain, payloadOf(plain, body)), context(plain));
        expect(['public', 'held']).toContain(found.kind);
        expect('document' in found ? documentText(found.document) : '').toBe(body);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

describe('whatever the words are', () => {
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ maxLength: 200 }),
    fc.constantFrom(...Object.values(CLEAN).flat()),
  );
  const noteMark = fc.constantFrom(...NOTE_MARKS);

  test('nothing that begins with a note mark is ever sent or held for sending', () => {
    fc.assert(
      fc.property(
        words,
        noteMark,
        fc.constantFrom(...(['guarded', 'confirm', 'notes-first', 'alerts-only'] as const)),
        (body, mark, policy) => {
          const found = classify(message(sections([{ type: 'text', text: `${mark} ${body}` }])), { ...contextIn('en'), policy });
          expect(found.kind).toBe('note');
        },
      ),
      { seed: SEED, numRuns: TEXTS },
    );
  });

  test('nothing that ends with a lock is ever sent or held for sending', () => {
    fc.assert(
      fc.property(words, (body) => {
        const elements = [
          { type: 'text', text: body },
          { type: 'emoji', name: 'lock', unicode: '1f512' },
        ];
        expect(classify(message(sections(elements)), contextIn('en')).kind).toBe('note');
      }),
      { seed: SEED, numRuns: TEXTS },
    );
  });

  test('nothing that mentions somebody without a public mark is ever sent or held for sending', () => {
    const mention = fc.constantFrom(
      { type: 'user', user_id: 'U0ANNA' },
      { type: 'usergroup', usergroup_id: 'S0X' },
      { type: 'channel', channel_id: 'C0X' },
      { type: 'broadcast', range: 'channel' },
    );
    fc.assert(
      fc.property(words, words, mention, (before, after, element) => {
        fc.pre(!PUBLIC_MARKS.some((mark) => before.normalize('NFKC').toLowerCase().includes(mark.replace(/:$/, ''))));
        const found = classify(
          message(sections([{ type: 'text', text: `x${before}` }, element, { type: 'text', text: after }])),
          contextIn('en'),
        );
        expect(found.kind).toBe('note');
      }),
      { seed: SEED, numRuns: TEXTS },
    );
  });

  test('a mention that only the raw text knows is a mention', () => {
    const found = classify(
      { ...message(sections([{ type: 'text', text: 'Hi Emma, your line works.' }])), text: 'Hi Emma, your line works. <@U0ANNA>' },
      contextIn('en'),
    );
    expect(found.kind).toBe('note');
  });

  test('nothing from somebody who is not an agent is ever sent, held or obeyed', () => {
    fc.assert(
      fc.property(
        words,
        fc.constantFrom(...PUBLIC_MARKS, ''),
        fc.constantFrom('none' as const, 'light' as const),
        (body, mark, authorRole) => {
          const found = classify(message(sections([{ type: 'text', text: `${mark} ${body}` }])), { ...contextIn('en'), authorRole });
          expect(found.kind).toBe('note');
        },
      ),
      { seed: SEED, numRuns: TEXTS },
    );
  });

  test('an alerts-only channel sends nothing of a thousand messages and holds nothing either', () => {
    fc.assert(
      fc.property(anyCase, fc.nat(), (one, pick) => {
        const quiet: Case = { ...one, policy: 'alerts-only' };
        const bodies = CLEAN[quiet.language];
        const found = classify(incoming(quiet, payloadOf(quiet, bodies[pick % bodies.length] ?? '')), context(quiet));
        expect(['ignored', 'note', 'command']).toContain(found.kind);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });
});

function often<const T>(first: T, ...rest: T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(first) }, { weight: 1, arbitrary: fc.constantFrom(...rest) });
}

function seldom(): fc.Arbitrary<boolean> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
}

/** What cannot be typed, or not in plain text: a mark place without a mark, a split mark or a list without blocks. */
function possible(one: Case): Case {
  const isTextOnly = one.isTextOnly && one.place !== 'list' && one.formatting !== 'split' && !isPulledApart(one);
  return { ...one, place: one.marks.length === 0 ? 'paragraph' : one.place, isTextOnly };
}

/** `>` with something invisible behind it opens a quote in plain text. */
function isPulledApart(one: Case): boolean {
  return one.dressing === 'invisible' && one.marks.includes('>>');
}

function context(one: Case): ReplyContext {
  const ticket = { status: one.status, isMerged: one.isMerged, isRequesterReachable: one.isReachable, senderVerdict: one.verdict };
  const authorRole = one.author === 'bot' || one.author === 'ourselves' ? 'agent' : one.author;
  return { ...contextIn(one.language, ticket), authorRole, policy: one.policy };
}

function incoming(one: Case, payload: Payload): IncomingMessage {
  return {
    subtype: one.subtype,
    authorSlackId: one.author === 'ourselves' ? BOT : 'U0SAM',
    isBot: one.author === 'bot',
    document: documentFromMessage(payload, NO_NAMES),
    text: payload.text,
    hasFiles: false,
    fileCount: 0,
  };
}

function message(payload: Payload): IncomingMessage {
  return {
    subtype: null,
    authorSlackId: 'U0SAM',
    isBot: false,
    document: documentFromMessage(payload, NO_NAMES),
    text: payload.text,
    hasFiles: false,
    fileCount: 0,
  };
}

function sections(elements: Record<string, unknown>[]): Payload {
  return { blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }], text: '' };
}
