import { describe, expect, test } from 'vitest';
import { NO_NAMES } from '#slack/inlines.ts';
import { durationMinutes, parseCommandText, priorityOf, readCommand, statusOf, verbOf } from '#slack/replies/command.ts';
import { VERB_WORDS } from '#slack/replies/words/verbs.ts';
import { documentFromMessage } from '#slack/rich-text.ts';
import { documentText } from '#text/document.ts';

const BOT = 'UTIKETTI';

describe('a message that begins with the bot', () => {
  test.each([
    ['<@UTIKETTI> solve', 'solve', ''],
    ['<@UTIKETTI>: Ratkaise!', 'solve', ''],
    ['<@UTIKETTI> snooze 2d', 'snooze', '2d'],
    ['<@UTIKETTI> macro  Refund policy', 'macro', 'Refund policy'],
    ['<@UTIKETTI> makro Palautus', 'macro', 'Palautus'],
    ['<@UTIKETTI> статус ожидает', 'status', 'ожидает'],
    ['<@UTIKETTI> läge väntar', 'status', 'väntar'],
    ['<@UTIKETTI>', 'help', ''],
    ['<@UTIKETTI> ?', 'help', ''],
    ['<@UTIKETTI> make me a sandwich', 'unknown', 'make me a sandwich'],
    ['\u200b <@UTIKETTI> note *call* her\n\nsecond paragraph', 'note', 'call her\n\nsecond paragraph'],
  ])('%j is a command', (text, verb, rest) => {
    const command = readCommand(documentFromMessage({ text }, NO_NAMES), BOT);
    expect(command?.verb).toBe(verb);
    expect(command?.args.text).toBe(rest);
  });

  test('names its people and groups by id', () => {
    const command = readCommand(documentFromMessage({ text: '<@UTIKETTI> assign <@U0ANNA> <!subteam^S0BILLING>' }, NO_NAMES), BOT);
    expect(command).toMatchObject({ verb: 'assign', args: { userIds: ['U0ANNA'], groupIds: ['S0BILLING'] } });
  });

  test('keeps the rest as written, for a note', () => {
    const command = readCommand(documentFromMessage({ text: '<@UTIKETTI> note see `x` \n```\ncode\n```' }, NO_NAMES), BOT);
    expect(documentText(command?.args.document ?? { blocks: [] })).toContain('code');
    expect(command?.args.document.blocks.at(-1)?.type).toBe('code');
  });
});

test.each(['hello <@UTIKETTI> solve', '<@U0ANNA> <@UTIKETTI> solve', 'solve', '&gt; <@UTIKETTI> solve', '@Tiketti solve'])(
  '%j is no command',
  (text) => {
    expect(readCommand(documentFromMessage({ text }, NO_NAMES), BOT)).toBeNull();
  },
);

test('every verb is known by every one of its words, and no word means two', () => {
  const words = Object.entries(VERB_WORDS).flatMap(([verb, row]) => row.map((word) => [word, verb] as const));
  expect(new Set(words.map(([word]) => word)).size).toBe(words.length);
  expect(words.map(([word]) => [word, verbOf(word.toUpperCase())])).toEqual(words);
});

test('a slash command is read in any language', () => {
  expect(parseCommandText('  luo Tulostin rikki ')).toEqual({ verb: 'create', rest: 'Tulostin rikki' });
  expect(parseCommandText('создать Принтер')).toEqual({ verb: 'create', rest: 'Принтер' });
  expect(parseCommandText('')).toEqual({ verb: 'help', rest: '' });
  expect(parseCommandText('frobnicate 7')).toEqual({ verb: 'unknown', rest: 'frobnicate 7' });
});

test.each([
  ['2d', 2_880],
  ['2 pv', 2_880],
  ['1,5 h', 90],
  ['3 часа', 180],
  ['через 1 неделю', 10_080],
  ['30min', 30],
  ['1 vk', 10_080],
  ['0d', null],
  ['9999999d', null],
  ['thu 9', null],
  ['tomorrow', null],
  ['-2d', null],
  ['2 d extra', null],
])('a pause of %j is %s minutes', (text, minutes) => {
  expect(durationMinutes(text)).toBe(minutes);
});

test('status and priority are read in any language', () => {
  expect([statusOf('Odottaa'), statusOf('on-hold'), statusOf('решено'), statusOf('closed')]).toEqual([
    'pending',
    'on_hold',
    'solved',
    undefined,
  ]);
  expect([priorityOf('HÖG'), priorityOf('срочно'), priorityOf('meh')]).toEqual(['high', 'urgent', undefined]);
});
