import { describe, expect, test } from 'vitest';
import { splitSignature } from '#mail/understand/signature.ts';

const BODY = 'The printer is on fire.';

test.each(['-- ', '--', '—'])('a line of %j begins the signature', (delimiter) => {
  expect(splitSignature(`${BODY}\n\n${delimiter}\nLiisa Virtanen\nExample Oy`)).toEqual({
    body: BODY,
    signature: `${delimiter}\nLiisa Virtanen\nExample Oy`,
  });
});

test.each([
  'Sent from my iPhone',
  'Sent from my Samsung Galaxy smartphone.',
  'Get Outlook for iOS<https://aka.ms/o0ukef>',
  'Lähetetty iPhonesta',
  'Lähetetty iPhonestani',
  'Lähetetty Samsung-puhelimesta',
  'Hanki Outlook for Android',
  'Hanki Outlook for iOS -sovellus',
  'Skickat från min iPhone',
  'Skaffa Outlook för iOS',
  'Отправлено с iPhone',
  'Отправлено из мобильной Почты',
  'Von meinem iPhone gesendet',
  'Gesendet mit der GMX Mail App',
  'Saadetud minu iPhone’ist',
  'Sendt fra min iPhone',
])('the footer of a phone is not what the sender wrote: %s', (footer) => {
  expect(splitSignature(`${BODY}\n\n${footer}`).body).toBe(BODY);
});

test.each([
  'Sent from my desk, is much easier than the old form.',
  'The parcel was sent from Tampere',
  'Lähetetty paketti ei ole tullut perille.',
  'Was it sent from my account?',
])('prose that begins like a footer stays: %s', (line) => {
  expect(splitSignature(`${BODY}\n\n${line}`).signature).toBe('');
});

describe('greetings', () => {
  test('the greeting and the name stay, telephone numbers are folded', () => {
    const text = `${BODY}\n\nYstävällisin terveisin,\nLiisa Virtanen\nToimitusjohtaja\nExample Oy\np. 040 123 4567`;
    expect(splitSignature(text)).toEqual({
      body: `${BODY}\n\nYstävällisin terveisin,\nLiisa Virtanen`,
      signature: 'Toimitusjohtaja\nExample Oy\np. 040 123 4567',
    });
  });

  test('a greeting with only a name folds nothing', () => {
    expect(splitSignature(`${BODY}\n\nMvh\nAnna`).signature).toBe('');
  });

  test('a question after the greeting is not hidden', () => {
    expect(splitSignature(`${BODY}\n\nBest regards\nLiisa\nP.S. Is order 12345678 lost?`).signature).toBe('');
  });
});

test('a legal paragraph at the end is folded', () => {
  const notice =
    `This e-mail is confidential and intended solely for the addressee. ${'If you are not the addressee, delete it. '.repeat(4)}`.trim();
  expect(splitSignature(`${BODY}\n\n${notice}`)).toEqual({ body: BODY, signature: notice });
});

test('a mail that is only a signature is shown as it is', () => {
  expect(splitSignature('Sent from my iPhone').body).toBe('Sent from my iPhone');
});
