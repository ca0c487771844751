import { describe, expect, test } from 'vitest';
import { addressKey, parseAddresses } from '#mail/understand/addresses.ts';
import { parseMailDate } from '#mail/understand/date.ts';
import { decodeHeaderText } from '#mail/understand/encoded-word.ts';
import { safeFilename, uniqueFilename } from '#mail/understand/filename.ts';
import { messageId, messageIds } from '#mail/understand/message-ids.ts';
import { bareSubject, hasForwardPrefix, hasReplyPrefix } from '#mail/understand/subject.ts';

describe('addresses', () => {
  test.each([
    ['liisa@example.com', 'liisa@example.com', ''],
    ['Liisa Virtanen <liisa@example.com>', 'liisa@example.com', 'Liisa Virtanen'],
    ['"Virtanen, Liisa" <liisa@example.com>', 'liisa@example.com', 'Virtanen, Liisa'],
    ['liisa@example.com (Liisa Virtanen)', 'liisa@example.com', 'Liisa Virtanen'],
    ['=?utf-8?Q?Virtanen=2C_Liisa?= <liisa@example.com>', 'liisa@example.com', 'Virtanen, Liisa'],
    ['=?utf-8?B?w4TDpA==?= =?utf-8?B?w7bDtg==?= <a@example.com>', 'a@example.com', 'Ääöö'],
    ['<liisa@example.com>>', 'liisa@example.com', ''],
    ['mailto:liisa@example.com', 'liisa@example.com', ''],
    ['liisa@example.com.', 'liisa@example.com', ''],
    ["'liisa@example.com' <liisa@example.com>", 'liisa@example.com', ''],
    ['"boss@example.org" <thief@example.com>', 'thief@example.com', 'boss@example.org'],
    ['Liisa Virtanen liisa@example.com', 'liisa@example.com', 'Liisa Virtanen'],
    ['<@relay.example,@other.example:liisa@example.com>', 'liisa@example.com', ''],
  ])('%s', (header, address, name) => {
    expect(parseAddresses(header)).toEqual([{ address, name }]);
  });

  test.each(['', 'undisclosed-recipients:;', '<>', ', ,'])('%j is nobody', (header) => {
    expect(parseAddresses(header)).toEqual([]);
  });

  test('groups and Outlook semicolons give one mailbox each', () => {
    expect(parseAddresses('Team: a@example.com, B <b@example.com>;').map(({ address }) => address)).toEqual([
      'a@example.com',
      'b@example.com',
    ]);
    expect(parseAddresses('"Virtanen; Liisa" <a@example.com>; B <b@example.com>').map(({ name }) => name)).toEqual([
      'Virtanen; Liisa',
      'B',
    ]);
  });

  test('two spellings of one address are the same person', () => {
    expect(addressKey('Liisa@XN--EXMPLE-CUA.com')).toBe(addressKey('liisa@exämple.com'));
  });
});

test.each([
  ['Mon, 20 Oct 2025 17:50:00 +0300', '2025-10-20T14:50:00.000Z'],
  ['20 Oct 2025 17:50 GMT', '2025-10-20T17:50:00.000Z'],
  ['Mon, 20 Oct 2025 17:50:00 +0300 (EEST)', '2025-10-20T14:50:00.000Z'],
  ['Mon, 20 Oct 25 17:50:00 EST', '2025-10-20T22:50:00.000Z'],
  ['Mon Oct 20 17:50:00 2025', '2025-10-20T17:50:00.000Z'],
  ['2025-10-20T17:50:00Z', '2025-10-20T17:50:00.000Z'],
  ['Mon, 00', null],
  ['yesterday', null],
  ['', null],
])('the date %j is %s', (text, iso) => {
  expect(parseMailDate(text)).toBe(iso);
});

test.each([
  ['=?utf-8?Q?P=C3=A4iv=C3=A4=C3=A4?=', 'Päivää'],
  ['=?iso-8859-1?q?P=E4iv=E4=E4?= vaan', 'Päivää vaan'],
  ['=?utf-8?B?0J/RgNC4?= =?utf-8?B?0LLQtdGC?=', 'Привет'],
  ['=?utf-8?B?0J/RgNC40A==?= =?utf-8?B?stC10YI=?=', 'Привет'],
  ['=?utf-8?Q?=D0=9F=D1?= =?utf-8?Q?=80=D0=B8?=', 'При'],
  ['=?utf-8?Q?What=3F_Why??= me', 'What? Why? me'],
  ['=?gb2312?B?yMvD8Q==?=', '人民'],
  ['=?nonsense?Q?abc?=', 'abc'],
  ['=?utf-8?Q?broken', '=?utf-8?Q?broken'],
  ['plain', 'plain'],
])('the header text %s reads %s', (raw, text) => {
  expect(decodeHeaderText(raw)).toBe(text);
});

test.each([
  ['Re: Tulostin', 'Tulostin'],
  ['VS: VL: Tulostin', 'Tulostin'],
  ['SV: Skrivare', 'Skrivare'],
  ['Отв: Пересл: Принтер', 'Принтер'],
  ['RE: Re[2]: Fwd : Printer', 'Printer'],
  ['[EXTERNAL] Re: Printer', 'Printer'],
  ['***SPAM*** Printer', 'Printer'],
  ['回复：打印机', '打印机'],
  ['Re:', 'Re:'],
  ['Reading: is it fun', 'Reading: is it fun'],
])('the subject %j is about %j', (subject, bare) => {
  expect(bareSubject(subject)).toBe(bare);
});

test('a prefix tells an answer from a forward', () => {
  expect(['Re: a', 'VS: a', 'SV: a', 'Отв: a', 'AW: a'].every(hasReplyPrefix)).toBe(true);
  expect(['Fwd: a', 'VL: a', 'VB: a', 'Пересл: a', 'WG: a', 'Re: Fwd: a'].every(hasForwardPrefix)).toBe(true);
  expect(['Re: a', 'VS: a', 'Printer'].some(hasForwardPrefix)).toBe(false);
});

describe('message ids', () => {
  test.each([
    [['<a@example.com> <b@example.com>'], ['a@example.com', 'b@example.com']],
    [['<a@example.com>,<b@example.com>'], ['a@example.com', 'b@example.com']],
    [['a@example.com b@example.com'], ['a@example.com', 'b@example.com']],
    [['<a@example.\r\n com>'], ['a@example.com']],
    [['=?utf-8?q?=3Ca=40example=2Ecom=3E?='], ['a@example.com']],
    [['<a@example.com> <a@example.com>'], ['a@example.com']],
    [[''], []],
  ])('%j', (headers, ids) => {
    expect(messageIds(headers)).toEqual(ids);
  });

  test('of very many references the nearest 50 count', () => {
    const ids = messageIds([Array.from({ length: 500 }, (_, index) => `<${index}@example.com>`).join(' ')]);
    expect(ids).toHaveLength(50);
    expect(ids.at(-1)).toBe('499@example.com');
  });

  test('an empty id is none', () => {
    expect([messageId('<>'), messageId(''), messageId(null)]).toEqual([null, null, null]);
  });
});

test.each([
  ['../../etc/passwd', 'passwd'],
  [String.raw`D:\Skannaukset\lasku.pdf`, 'lasku.pdf'],
  ['lasku\u202Efdp.exe', 'laskufdp.exe'],
  ['a\r\nb\u0000.txt', 'ab.txt'],
  ['..', ''],
  [`${'ä'.repeat(300)}.pdf`, `${'ä'.repeat(125)}.pdf`],
])('the file name %j is kept as %j', (name, safe) => {
  expect(safeFilename(name)).toBe(safe);
});

test('a second file of the same name gets a number before its ending', () => {
  const taken = new Set<string>();
  expect(['a.pdf', 'A.pdf', 'a.pdf', 'b'].map((name) => uniqueFilename(name, taken))).toEqual(['a.pdf', 'A-2.pdf', 'a-3.pdf', 'b']);
});
