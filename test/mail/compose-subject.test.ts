import { expect, test } from 'vitest';
import { subjectLine } from '#mail/compose-subject.ts';

const answer = (subject: string, number = 'TK-123') => subjectLine({ subject, number, isAnswer: true, isTagged: true });

test('an answer keeps the words of the question and adds Re: and the tag', () => {
  expect(answer('Printer on fire')).toBe('Re: Printer on fire [TK-123]');
});

test.each(['Re: Printer', 'RE: Printer', 'VS: Printer', 'Sv: Printer', 'Ответ: Printer', 'AW: Printer', 'Re[2]: Printer'])(
  '"%s" already says that it is an answer',
  (subject) => expect(answer(subject)).toBe(`${subject} [TK-123]`),
);

test('a word that only begins like an answer is not taken for one', () => {
  expect(answer('Reset my password')).toBe('Re: Reset my password [TK-123]');
  expect(answer('Fwd: Offer')).toBe('Re: Fwd: Offer [TK-123]');
});

test('a tag already there stays where it is, once', () => {
  expect(answer('Re: [TK-123] Printer')).toBe('Re: [TK-123] Printer');
  expect(answer('Re: [TK-123] Printer [TK-123]')).toBe('Re: Printer [TK-123]');
});

test("an older ticket's tag gives way, so that the next answer comes to the right place", () => {
  expect(answer('Re: Printer [TK-99]')).toBe('Re: Printer [TK-123]');
  expect(answer('Re: Printer [TK-1234]')).toBe('Re: Printer [TK-123]');
  expect(answer('Re: Printer [AB-9]')).toBe('Re: Printer [AB-9] [TK-123]');
});

test('what is not an answer has no Re:', () => {
  expect(subjectLine({ subject: 'Your call today', number: 'TK-5', isAnswer: false, isTagged: true })).toBe('Your call today [TK-5]');
});

test('a number with signs of its own is no pattern', () => {
  expect(answer('Printer [A.B-7]', 'A.B-7')).toBe('Re: Printer [A.B-7]');
  expect(answer('Printer [AxB-7]', 'A.B-7')).toBe('Re: Printer [AxB-7] [A.B-7]');
});

test('a subject of 5,000 characters is cut and keeps its tag', () => {
  const subject = answer('Хвост '.repeat(833));
  expect(subject.length).toBeLessThanOrEqual(240);
  expect(subject).toMatch(/^Re: Хвост .*… \[TK-123\]$/u);
});

test('cutting never splits an emoji', () => {
  const family = '👨‍👩‍👧‍👦';
  const subject = answer(family.repeat(60));
  expect(subject.isWellFormed()).toBe(true);
  expect(subject.replace('Re: ', '').replace('… [TK-123]', '').replaceAll(family, '')).toBe('');
});

test('line ends, controls and turned directions never reach a subject', () => {
  expect(answer('Hi\r\nBcc: a@b.example\u0000\u202Egpj\u2066x\uD800')).toBe('Re: Hi Bcc: a@b.example gpjx\uFFFD [TK-123]');
});
