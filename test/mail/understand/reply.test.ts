import { describe, expect, test } from 'vitest';
import { htmlToText } from '#mail/understand/html-text.ts';
import { splitReply } from '#mail/understand/reply.ts';

const ANSWER = 'It works now, thank you.';
const EARLIER = 'Please restart the printer.\nRegards, support';

describe('Outlook header blocks', () => {
  test.each([
    ['English', 'From: Support <support@example.org>\nSent: Monday, October 20, 2025 5:50 PM\nTo: Liisa\nSubject: Printer'],
    ['English, only names', 'From: Support\nSent: Monday, October 20, 2025 5:50 PM\nTo: Liisa Virtanen\nSubject: Printer'],
    ['English, bold', '*From:* Support <support@example.org>\n*Sent:* Monday, October 20, 2025 5:50 PM\n*To:* Liisa\n*Subject:* Printer'],
    [
      'Finnish',
      'Lähettäjä: Tuki <support@example.org>\nLähetetty: maanantai 20. lokakuuta 2025 17.50\nVastaanottaja: Liisa\nAihe: Tulostin',
    ],
    [
      'Finnish, new Outlook',
      'Lähettäjä: Tuki <support@example.org>\nPäiväys: maanantaina 20. lokakuuta 2025 klo 17.50\nVastaanottaja: Liisa\nKopio: Matti\nAihe: Tulostin',
    ],
    ['Swedish', 'Från: Support <support@example.org>\nSkickat: den 20 oktober 2025 17:50\nTill: Liisa\nÄmne: Skrivare'],
    ['Russian', 'От: Поддержка <support@example.org>\nОтправлено: 20 октября 2025 г. 17:50\nКому: Liisa\nТема: Принтер'],
    ['German', 'Von: Support <support@example.org>\nGesendet: Montag, 20. Oktober 2025 17:50\nAn: Liisa\nBetreff: Drucker'],
    ['Estonian', 'Saatja: Tugi <support@example.org>\nSaadetud: esmaspäev, 20. oktoober 2025 17:50\nAdressaat: Liisa\nTeema: Printer'],
    ['Norwegian', 'Fra: Support <support@example.org>\nSendt: mandag 20. oktober 2025 17:50\nTil: Liisa\nEmne: Skriver'],
  ])('%s', (_, block) => {
    expect(splitReply(`${ANSWER}\n\n${block}\n\n${EARLIER}`).reply).toBe(ANSWER);
    expect(splitReply(`${ANSWER}\n\n________________________________\n${block}\n\n${EARLIER}`).reply).toBe(ANSWER);
  });

  test('a block whose labels are parted by empty lines is one block', () => {
    const block = 'From: Support <support@example.org>\n\nSent: Monday, October 20, 2025 5:50 PM\n\nTo: Liisa\n\nSubject: Printer';
    expect(splitReply(`${ANSWER}\n\n${block}\n\n${EARLIER}`).reply).toBe(ANSWER);
  });
});

test.each([
  '-----Original Message-----',
  '-----Alkuperäinen viesti-----',
  '-----Ursprungligt meddelande-----',
  '-----Исходное сообщение-----',
  '-------- Исходное сообщение --------',
  '-----Ursprüngliche Nachricht-----',
])('everything under the divider %s is the earlier mail', (divider) => {
  expect(splitReply(`${ANSWER}\n\n${divider}\n${EARLIER}`)).toEqual({ reply: ANSWER, quoted: `${divider}\n${EARLIER}` });
});

test.each([
  '##- Vastaa tämän rivin yläpuolelle -##',
  '##- Write your reply above this line -##',
  '##- Напишите ответ выше этой строки -##',
])('our own line ends the answer in whatever language it is: %s', (marker) => {
  expect(splitReply(`${ANSWER}\n\n${marker}\n\n${EARLIER}`).reply).toBe(ANSWER);
});

test('a quoted marker does not swallow an answer written below the quote', () => {
  const text = `On 20.10.2025 17:50, Support wrote:\n> ##- Write your reply above this line -##\n> Please restart.\n\n${ANSWER}`;
  expect(splitReply(text).reply).toBe(ANSWER);
});

test.each([
  'I get this on the page:\n\nFrom: Helsinki\nTo: Turku\n\nCan you change the train?',
  'The field From: is empty in the form.\nWhat should I write in it?',
  'From: the first of May we need two more licences.',
])('prose with labels is not a header block: %s', (text) => {
  expect(splitReply(text)).toEqual({ reply: text, quoted: '' });
});

test('answers between the quotes keep the quotes they answer', () => {
  const text = 'On 20.10.2025 17:50, Support wrote:\n> Which printer?\n\nThe one in the lobby.\n\n> Since when?\n\nSince Monday.';
  expect(splitReply(text).reply).toBe('> Which printer?\n\nThe one in the lobby.\n\n> Since when?\n\nSince Monday.');
});

test('after answers between quotes only the last quote is history', () => {
  const text = 'On 20.10.2025 17:50, Support wrote:\n> Which?\n\nThe one in the lobby.\n\n> When?\n\nMonday.\n\n> Best regards\n> Support';
  const { reply, quoted } = splitReply(text);
  expect(reply).toContain('> When?');
  expect(reply).not.toContain('Best regards');
  expect(quoted).toContain('> Support');
});

test('an answer below the quote is the answer', () => {
  expect(splitReply(`On 20.10.2025 17:50, Support wrote:\n> Please restart.\n\n${ANSWER}`).reply).toBe(ANSWER);
});

test('words on both sides of the quote are kept', () => {
  expect(splitReply(`Hi\n\nOn 20.10.2025 17:50, Support wrote:\n> Please restart.\n\nDone.`).reply).toBe('Hi\n\nDone.');
});

test('what the sender quotes without saying from where stays', () => {
  const text = 'The log says\n> paper jam\nWhat does it mean?';
  expect(splitReply(text).reply).toBe(text);
});

test('a mail that is nothing but a quote has no new text', () => {
  expect(splitReply('On 20.10.2025 17:50, Support wrote:\n> Please restart.').reply).toBe('');
});

describe('HTML structure', () => {
  const split = (html: string): string => splitReply(htmlToText(html).text).reply;

  test.each([
    [
      'Gmail',
      `<div>${ANSWER}</div><br><div class="gmail_quote"><div class="gmail_attr">Kto, kdy<br></div><blockquote class="gmail_quote">Please restart.</blockquote></div>`,
    ],
    [
      'Apple Mail',
      `<div>${ANSWER}</div><div><br><blockquote type="cite"><div>On 20 Oct 2025, at 17:50, Support wrote:</div><div>Please restart.</div></blockquote></div>`,
    ],
    [
      'Thunderbird',
      `<p>${ANSWER}</p><div class="moz-cite-prefix">20.10.2025 17:50, Support píše:<br></div><blockquote type="cite">Please restart.</blockquote>`,
    ],
    [
      'Outlook on the web',
      `<div>${ANSWER}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>Von weit:</b> her</div><div>Please restart.</div>`,
    ],
    [
      'Outlook',
      `<p class="MsoNormal">${ANSWER}</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Support &lt;support@example.org&gt;<br><b>Sent:</b> Monday, October 20, 2025 5:50 PM<br><b>Subject:</b> Printer</p></div><p class="MsoNormal">Please restart.</p>`,
    ],
    ['Yahoo', `<div>${ANSWER}</div><div id="yahoo_quoted_123" class="yahoo_quoted"><div>Quelqu'un</div><div>Please restart.</div></div>`],
    [
      'Proton',
      `<div>${ANSWER}</div><div class="protonmail_quote">Someone said<br><blockquote class="protonmail_quote" type="cite">Please restart.</blockquote></div>`,
    ],
  ])('%s marks what it quotes', (_, html) => {
    expect(split(html)).toBe(ANSWER);
  });

  test('a blockquote that only indents is no quote', () => {
    expect(split(`<p>Steps:</p><blockquote style="margin:0 0 0 40px;border:none;padding:0px"><div>Open the lid</div></blockquote>`)).toBe(
      'Steps:\n\nOpen the lid',
    );
  });

  test('marks typed by the sender are no structure', () => {
    expect(split(`<p>one</p><p>\ue0c2</p><p>two</p>`)).toBe('one\n\ntwo');
  });
});
