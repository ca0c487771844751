import { describe, expect, test } from 'vitest';
import { findForward } from '#mail/understand/forward.ts';
import { withFixture } from './fixture.ts';

const LIISA = { address: 'liisa@example.com', name: 'Liisa Virtanen' };
const BODY = 'Tulostin ei toimi.\n\nLiisa';

describe('forwards written into the body', () => {
  test.each([
    [
      'Gmail',
      '---------- Forwarded message ---------\nFrom: Liisa Virtanen <liisa@example.com>\nDate: Mon, 20 Oct 2025 at 17:50\nSubject: Tulostin\nTo: <anna@example.org>\n',
    ],
    [
      'Finnish Gmail',
      '---------- Forwarded message ---------\nLähettäjä: Liisa Virtanen <liisa@example.com>\nDate: ma 20. lokak. 2025 klo 17.50\nSubject: Tulostin\nTo: <anna@example.org>\n',
    ],
    [
      'Russian Gmail',
      '---------- Forwarded message ---------\nОт: Liisa Virtanen <liisa@example.com>\nDate: пн, 20 окт. 2025 г. в 17:50\nSubject: Tulostin\nTo: <anna@example.org>\n',
    ],
    [
      'Swedish Apple Mail',
      'Vidarebefordrat mejl:\n\nFrån: Liisa Virtanen <liisa@example.com>\nÄmne: Tulostin\nDatum: 20 oktober 2025 17:50:00 EEST\nTill: anna@example.org\n',
    ],
    [
      'Russian Apple Mail',
      'Начало переадресованного сообщения:\n\nОт: Liisa Virtanen <liisa@example.com>\nТема: Tulostin\nДата: 20 октября 2025 г. в 17:50\nКому: anna@example.org\n',
    ],
    [
      'Finnish Thunderbird',
      '-------- Välitetty viesti --------\nAihe: \tTulostin\nPäiväys: \tMon, 20 Oct 2025 17:50:00 +0300\nLähettäjä: \tLiisa Virtanen <liisa@example.com>\nVastaanottaja: \tanna@example.org\n\n\n',
    ],
    [
      'Swedish Thunderbird',
      '-------- Vidarebefordrat meddelande --------\nÄmne: \tTulostin\nDatum: \tMon, 20 Oct 2025 17:50:00 +0300\nFrån: \tLiisa Virtanen <liisa@example.com>\nTill: \tanna@example.org\n\n\n',
    ],
    [
      'Yahoo, on one line',
      '----- Forwarded Message ----- From: Liisa Virtanen <liisa@example.com>To: "anna@example.org" <anna@example.org>Sent: Monday, October 20, 2025 at 05:50:00 PM GMT+3Subject: Tulostin\n',
    ],
  ])('%s', (_, block) => {
    const found = findForward(`Hoidatko?\n\n${block}\n${BODY}`, false);
    expect(found).toMatchObject({ from: LIISA, subject: 'Tulostin', message: 'Hoidatko?', body: BODY });
    expect(found?.to.map(({ address }) => address)).toEqual(['anna@example.org']);
  });

  test('Apple Mail quotes the whole mail, and one level comes off', () => {
    const quoted = [
      'Välitetty viesti alkaa:',
      '',
      'Lähettäjä: Liisa Virtanen <liisa@example.com>',
      'Aihe: Tulostin',
      'Päivä: 20. lokakuuta 2025 klo 17.50.00 EEST',
      'Vastaanottaja: anna@example.org',
      '',
      'Tulostin ei toimi.',
    ]
      .map((line) => `> ${line}`.trimEnd())
      .join('\n');
    expect(findForward(`FYI\n\n${quoted}`, true)).toMatchObject({ from: LIISA, message: 'FYI', body: 'Tulostin ei toimi.' });
  });

  test('Outlook has no divider, so its subject must say that it forwards', () => {
    const block =
      'Lähettäjä: Liisa Virtanen <liisa@example.com>\nLähetetty: maanantai 20. lokakuuta 2025 17.50\nVastaanottaja: Anna\nAihe: Tulostin\n';
    expect(findForward(`Hoidatko?\n\n${block}\n${BODY}`, true)).toMatchObject({ from: LIISA, message: 'Hoidatko?', body: BODY });
    expect(findForward(`Hoidatko?\n\n${block}\n${BODY}`, false)).toBeNull();
  });

  test('of nested forwards the outermost is taken', () => {
    const inner = '---------- Forwarded message ---------\nFrom: Matti <matti@example.com>\nDate: x\nSubject: y\nTo: z\n\nsyvemmällä';
    expect(
      findForward(
        `---------- Forwarded message ---------\nFrom: Liisa Virtanen <liisa@example.com>\nDate: x\nSubject: y\nTo: z\n\nhei\n\n${inner}`,
        true,
      )?.from,
    ).toEqual(LIISA);
  });

  test('a forward inside an earlier mail does not make the answer a forward', () => {
    const text =
      'Done.\n\nOn 20.10.2025 17:50, Support <support@example.org> wrote:\n> ---------- Forwarded message ---------\n> From: Liisa Virtanen <liisa@example.com>\n> Subject: x';
    expect(findForward(text, false)).toBeNull();
  });
});

test('a forward by an agent makes the original sender the requester', async () => {
  const letter = await withFixture('forward-gmail-finnish', { agentAddresses: ['anna@example.org'] });
  expect(letter.requester).toEqual({ ...LIISA, why: 'forward' });
  expect(letter.forwarded?.message).toBe('Hoidatko tämän?');
});

test('a forward by anyone else leaves the forwarder as requester', async () => {
  expect((await withFixture('forward-gmail-finnish')).requester.why).toBe('from');
});

test('a mail forwarded as a file is read from the file', async () => {
  const letter = await withFixture('forward-as-attachment', { agentAddresses: ['anna@example.org'] });
  expect(letter.forwarded).toMatchObject({ from: LIISA, subject: 'Tulostin', body: 'Tulostin ei toimi.', message: 'Katso liite.' });
  expect(letter.requester.why).toBe('forward');
});

test('an automatic forward is a mail of its author', async () => {
  const letter = await withFixture('auto-forwarded-by-rule', { agentAddresses: [] });
  expect(letter).toMatchObject({ kind: 'message', suppressAutoReply: true, requester: { address: 'liisa@example.com', why: 'from' } });
});
