import { describe, expect, test } from 'vitest';
import { letterOf, withFixture } from './fixture.ts';

describe('out of office', () => {
  test.each(['english', 'finnish', 'swedish', 'russian'])('by its headers, in %s', async (language) => {
    const letter = await withFixture(`out-of-office-${language}`);
    expect(letter).toMatchObject({ kind: 'auto_reply', suppressAutoReply: true, bounce: null });
    expect(letter.reasons).toContain('Auto-Submitted: auto-replied');
  });

  test.each(['english', 'finnish', 'swedish', 'russian'])('by its subject where no header says so, in %s', async (language) => {
    expect((await withFixture(`out-of-office-by-subject-${language}`)).kind).toBe('auto_reply');
  });

  test('a person may write about being out of the office', async () => {
    expect((await letterOf(['Subject: Who handles mail when I am out of the office?'])).kind).toBe('message');
  });
});

describe('bounces', () => {
  test('a standard report names the mail it is about', async () => {
    const letter = await withFixture('bounce-standard-report');
    expect(letter.kind).toBe('bounce');
    expect(letter.bounce).toEqual({
      recipients: [{ address: 'liisa@example.com', action: 'failed', status: '5.1.1', diagnostic: '550 5.1.1 No such user here' }],
      hard: true,
      addressIsDead: true,
      originalMessageId: 'sent-17@example.org',
    });
  });

  test('a delay is no failure', async () => {
    const { bounce } = await withFixture('bounce-delayed');
    expect(bounce).toMatchObject({ hard: false, addressIsDead: false, originalMessageId: 'sent-18@example.org' });
    expect(bounce?.recipients).toMatchObject([{ action: 'delayed', status: '4.4.1' }]);
  });

  test('a full mailbox is soft, in words as in codes', async () => {
    const { kind, bounce } = await withFixture('bounce-in-words-mailbox-full');
    expect(kind).toBe('bounce');
    expect(bounce).toMatchObject({ hard: false, addressIsDead: false, originalMessageId: 'sent-19@example.org' });
    expect(bounce?.recipients).toMatchObject([{ address: 'liisa@example.com', action: 'failed', status: '5.2.2' }]);
  });

  test('an unknown user in words is a dead address', async () => {
    const { bounce } = await withFixture('bounce-in-words-unknown-user');
    expect(bounce).toMatchObject({ hard: true, addressIsDead: true });
    expect(bounce?.recipients).toMatchObject([{ address: 'liisa@example.com', status: '5.1.1' }]);
  });

  test('a person who forwards a bounce has not bounced', async () => {
    expect(await withFixture('bounce-forwarded-by-a-person')).toMatchObject({ kind: 'message', bounce: null, suppressAutoReply: false });
  });
});

test.each([
  ['read-receipt', 'receipt'],
  ['delivery-receipt', 'receipt'],
  ['spam-complaint', 'feedback_report'],
  ['calendar-answer', 'calendar'],
  ['list-mail-second-precedence', 'bulk'],
])('%s is a %s and gets no answer', async (fixture, kind) => {
  expect(await withFixture(fixture)).toMatchObject({ kind, suppressAutoReply: true });
});

describe('headers that forbid an automatic answer', () => {
  test.each([
    ['Auto-Submitted: Auto-Generated (by a program)', 'message'],
    ['Return-Path: <>', 'message'],
    ['X-Precedence: junk', 'bulk'],
    ['List-Unsubscribe: <https://example.net/u>', 'bulk'],
    ['X-Autoreply: yes', 'auto_reply'],
    ['X-Auto-Response-Suppress: OOF', 'message'],
    ['X-Auto-Response-Suppress: 63', 'message'],
    ['X-Loop: desk@example.net', 'message'],
    ['Feedback-ID: 1:campaign', 'message'],
    ['X-Spam-Flag: YES', 'spam'],
  ])('%s', async (header, kind) => {
    expect(await letterOf([header])).toMatchObject({ suppressAutoReply: true, kind });
  });

  test.each([
    'Auto-Submitted: no',
    'Precedence: first-class',
    'X-Auto-Response-Suppress: DR, RN',
    'X-Auto-Response-Suppress: None',
    'X-Spam-Status: No, score=1',
    'X-Autoreply: no',
  ])('but not %s', async (header) => {
    expect(await letterOf([header])).toMatchObject({ suppressAutoReply: false, kind: 'message', reasons: [] });
  });

  test.each([
    'noreply@example.com',
    'no-reply@example.com',
    'MAILER-DAEMON@example.com',
    'news-donotreply@example.com',
    'owner-list@example.com',
    'bounces@example.com',
  ])('nor does anybody read answers at %s', async (address) => {
    expect(await letterOf([`From: ${address}`])).toMatchObject({ kind: 'message', suppressAutoReply: true });
  });
});

describe('our own mail', () => {
  const context = { ownAddresses: ['liisa@example.com'], ownDomains: ['example.com'], ownMessageIdDomain: 'desk.example.com' };

  test('from our own address is own', async () => {
    expect((await letterOf([], 'Hi', context)).kind).toBe('own');
  });

  test('a Message-ID of our domain forbids an answer, one of a subdomain does not', async () => {
    const { ownAddresses: _own, ...others } = context;
    expect((await letterOf(['Message-ID: <1@desk.example.com>'], 'Hi', others)).suppressAutoReply).toBe(true);
    expect((await letterOf(['Message-ID: <1@other.desk.example.com>'], 'Hi', others)).suppressAutoReply).toBe(false);
  });
});

describe('a group that is our own address', () => {
  const context = { ownAddresses: ['support@example.org'], ownDomains: ['example.org'] };

  test('makes no bulk mail of what people write to it, and the writer is the requester', async () => {
    const letter = await withFixture('google-group-rewritten-from', context);
    expect(letter.requester).toEqual({ address: 'liisa@example.com', name: 'Liisa Virtanen', why: 'reply-to' });
    expect(letter.kind).toBe('message');
  });

  test('but our own mail with its signed reply address comes from us', async () => {
    const letter = await letterOf(['From: support@example.org', 'Reply-To: support+t.12.abc@example.org'], 'Hi', context);
    expect(letter).toMatchObject({ kind: 'own', requester: { address: 'support@example.org', why: 'from' } });
  });

  test('a web form that sends as us speaks for the person it names', async () => {
    const letter = await letterOf(['From: Web form <support@example.org>', 'Reply-To: Liisa <liisa@example.com>'], 'Hi', context);
    expect(letter).toMatchObject({ kind: 'message', requester: { address: 'liisa@example.com', why: 'reply-to' } });
  });
});

test('a list speaks for the person in Reply-To, unless it names another author', async () => {
  const list = ['From: Liisa via Team <team@example.net>', 'List-Post: <mailto:team@example.net>', 'Reply-To: Liisa <liisa@example.com>'];
  expect((await letterOf(list)).requester).toEqual({ address: 'liisa@example.com', name: 'Liisa', why: 'reply-to' });
  expect((await letterOf([...list, 'X-Original-From: Matti <matti@example.com>'])).requester).toMatchObject({ why: 'from' });
});

test('a Reply-To that nothing confirms does not change the requester', async () => {
  const letter = await letterOf(['Reply-To: victim@example.net']);
  expect(letter.requester).toEqual({ address: 'liisa@example.com', name: 'Liisa', why: 'from' });
  expect(letter.replyTo).toEqual([{ address: 'victim@example.net', name: '' }]);
});
