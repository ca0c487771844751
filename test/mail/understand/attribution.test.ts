import { describe, expect, test } from 'vitest';
import { splitReply } from '#mail/understand/reply.ts';

const ANSWER = 'Kiitos, kokeilen sitä.';
const QUOTE = '> Käynnistä tulostin uudelleen.\n> Terveisin tuki';

/** Every line is what one mail program writes above what it quotes. */
const ATTRIBUTIONS: Record<string, string[]> = {
  'Finnish Gmail on every weekday': ['ma', 'ti', 'ke', 'to', 'pe', 'la', 'su'].map(
    (day) => `${day} 20. lokakuuta 2025 klo 17.50 Tuki (support@example.org) kirjoitti:`,
  ),
  'Finnish programs': [
    'Tuki <support@example.org> kirjoitti 28.10.2025 klo 12.46:',
    'Tuki <support@example.org> kirjoitti 28.10.2025 kello 12.46:',
    '28.10.2025 12.46, Tuki kirjoitti:',
    '28.10.2025, 12.46, "Tuki" <support@example.org> kirjoitti:',
    'Tuki kirjoitti:',
    'maanantaina 20. lokakuuta 2025 klo 17.50 Tuki <support@example.org> kirjoitti:',
    'Tuki <support@example.org> kirjoitti 20. lokakuuta 2025 17.50:',
  ],
  'Swedish programs': [
    'Den mån 20 okt. 2025 kl 17:50 skrev Support <support@example.org>:',
    'Den mån 20 okt. 2025 kl 17:50 skrev Support Exempel, Kund AB <support@example.org>:',
    '20 okt. 2025 kl. 17:50 skrev Support <support@example.org>:',
    'Support skrev den 2025-10-20 17:50:',
    'Den 2025-10-20 kl. 17:50, skrev Support:',
    'Support skrev:',
  ],
  'Russian Gmail, without a verb, on every weekday': ['пн', 'вт', 'ср', 'чт', 'пт', 'сб', 'вс'].map(
    (day) => `${day}, 20 окт. 2025\u202fг. в 17:50, Поддержка <support@example.org>:`,
  ),
  'Russian programs': [
    '20 окт. 2025 г., в 17:50, Поддержка <support@example.org> написал(а):',
    '20.10.2025, 17:50, "Поддержка" <support@example.org>:',
    'Понедельник, 20 октября 2025, 17:50 +03:00 от Поддержка <support@example.org>:',
    '20.10.2025 17:50, Поддержка пишет:',
    'Поддержка пишет:',
    '20 октября 2025 г. 17:50 пользователь Поддержка <support@example.org> написал:',
  ],
  'English programs': [
    'On Mon, Oct 20, 2025 at 5:50 PM Support <support@example.org> wrote:',
    'On Oct 20, 2025, at 17:50, Support <support@example.org> wrote:',
    'On 20/10/2025 17:50, Support wrote:',
    'On Monday, October 20, 2025 5:50 PM, "Support (Example)" <support@example.org> wrote:',
    'Support <support@example.org> wrote on 20.10.2025 17:50:',
    'At 17:50 20.10.2025, you wrote:',
    '---- On Mon, 20 Oct 2025 17:50:00 +0300 Support <support@example.org> wrote ----',
  ],
  'German, Norwegian, Danish and Estonian programs': [
    'Am Mo., 20. Okt. 2025 um 17:50 Uhr schrieb Support <support@example.org>:',
    'Am 20.10.2025 um 17:50 schrieb Support:',
    'Support <support@example.org> schrieb am Mo., 20. Okt. 2025 um 17:50 Uhr:',
    'Support <support@example.org> hat am 20.10.2025 17:50 geschrieben:',
    'man. 20. okt. 2025 kl. 17:50 skrev Support <support@example.org>:',
    'Den man. 20. okt. 2025 kl. 17.50 skrev Support <support@example.org>:',
    'På 20. oktober 2025 kl. 17:50:00, skrev Support (support@example.org):',
    'Kuupäeval E, 20. oktoober 2025 kell 17:50 kirjutas Support (<support@example.org>):',
  ],
  'programs of other languages': [
    'Le lun. 20 oct. 2025 à 17:50, Support <support@example.org> a écrit :',
    'El lun, 20 oct 2025 a las 17:50, Support (<support@example.org>) escribió:',
    'Il giorno lun 20 ott 2025 alle ore 17:50 Support <support@example.org> ha scritto:',
    'Op ma 20 okt. 2025 om 17:50 schreef Support <support@example.org>:',
    'Em seg., 20 de out. de 2025 às 17:50, Support <support@example.org> escreveu:',
    'pon., 20 paź 2025 o 17:50 Support <support@example.org> napisał(a):',
    'пн, 20 жовт. 2025 р. о 17:50 Support <support@example.org> пише:',
    '在 2025年10月20日週一 下午5:50，Support <support@example.org> 写道：',
  ],
};

describe.each(Object.entries(ATTRIBUTIONS))('%s', (_, lines) => {
  test.each(lines)('%s', (line) => {
    expect(splitReply(`${ANSWER}\n\n${line}\n\n${QUOTE}`).reply).toBe(ANSWER);
    expect(splitReply(`${ANSWER}\n\n${line}\n${QUOTE}`).quoted).toContain('Käynnistä tulostin');
  });
});

test.each([
  'On Mon, Oct 20, 2025 at 5:50 PM Support Person With A Rather Long Name\n<support@example.org> wrote:',
  'ma 20. lokakuuta 2025 klo 17.50 Tuki Pitkänimisen Yhtiön Asiakaspalvelu\n(support@example.org) kirjoitti:',
  'Den mån 20 okt. 2025 kl 17:50 skrev Support <\nsupport@example.org>:',
  'пн, 20 окт. 2025 г. в 17:50, Служба поддержки <\nsupport@example.org>:',
  'Support <support@example.org> schrieb am Mo., 20.\nOkt. 2025 um 17:50 Uhr:',
  'Le lun. 20 oct. 2025 à 17:50, "Support"\n<support@example.org>\na écrit :',
])('an attribution may wrap: %s', (line) => {
  expect(splitReply(`${ANSWER}\n\n${line}\n\n${QUOTE}`).reply).toBe(ANSWER);
});

test.each([
  'On Mon, Oct 20, 2025 at 5:50 PM Support <support@example.org> wrote:',
  'ma 20. lokakuuta 2025 klo 17.50 Tuki (support@example.org) kirjoitti:',
])('programs that quote without marks are cut at their attribution: %s', (line) => {
  expect(splitReply(`${ANSWER}\n\n${line}\n\nKäynnistä tulostin uudelleen.\n\nTerveisin tuki`).reply).toBe(ANSWER);
});

test.each([
  'My colleague called and then she wrote:\n\nplease hurry',
  'Huomasin eilen seuraavaa:\n\ntulostin vilkkuu',
  'The manual says:\n\nOn 20.10.2025 we change the cartridge.',
  'Error message at 17:50:\n\nPaper jam in tray 2',
])('prose with a colon is not an attribution: %s', (text) => {
  expect(splitReply(text)).toEqual({ reply: text, quoted: '' });
});
