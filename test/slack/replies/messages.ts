import type { Case } from './oracle.ts';

/** What Slack would send for a case: the payload's blocks and text, made without any code of ours. */
export interface Payload {
  blocks?: unknown[];
  text: string;
}

type Element = Record<string, unknown>;

export const CLEAN: Record<Case['language'], string[]> = {
  en: [
    'Hi Emma, the cable was replaced and your line works again.',
    'Your new password will reach you by text message today.',
    'Thank you for waiting. We have sent you a new invoice.',
  ],
  fi: [
    'Hei Liisa, kaapeli on vaihdettu ja yhteytesi toimii taas.',
    'Uusi tunnuksesi saapuu tänään tekstiviestillä.',
    'Kiitos odotuksesta. Lähetimme sinulle uuden laskun.',
  ],
  sv: [
    'Hej Elin, kabeln är bytt och din anslutning fungerar igen.',
    'Din nya kod kommer i dag med sms.',
    'Tack för att du väntade. Vi har skickat en ny faktura till dig.',
  ],
  ru: [
    'Здравствуйте, Ольга! Кабель заменили, ваш интернет снова работает.',
    'Новый код придёт вам сегодня в СМС.',
    'Спасибо за ожидание. Мы отправили вам новый счёт.',
  ],
};

/** One of each doubt that the product names. */
export const DOUBTFUL: Record<Case['language'], string[]> = {
  en: [
    'Hi Emma, Pekka Salonen will call you.',
    'Hi Emma, see https://jira.brightdesk.example/browse/7 for your case.',
    'Hello Emma, your password: Kestrel-4471.',
    'Hi Emma, this is like TK-99.',
    'Hi Emma, the form you need is attached.',
    'Hi Harriet, your line works again.',
    'Hei Emma, kaapeli on vaihdettu ja yhteytesi toimii nyt taas.',
    '👍',
    'ok',
    'The customer is angry again, can someone call?',
  ],
  fi: [
    'Hei Liisa, Pekka Salonen soittaa sinulle.',
    'Hei Liisa, katso https://jira.brightdesk.example/browse/7, kiitos.',
    'Hei Liisa, salasanasi on Haukka-4471.',
    'Hei Liisa, asiasi on sama kuin TK-99.',
    'Hei Liisa, pyytämäsi lomake on liitteenä.',
    'Hei Matti, yhteytesi toimii taas.',
    'Hello Liisa, the cable was replaced and your line works again.',
    '👍',
    'joo',
    'Asiakas on taas vihainen, voiko joku soittaa?',
  ],
  sv: [
    'Hej Elin, Pekka Salonen ringer dig.',
    'Hej Elin, se https://jira.brightdesk.example/browse/7 för ditt ärende.',
    'Hej Elin, ditt lösenord är Falk-4471.',
    'Hej Elin, ditt ärende liknar TK-99.',
    'Hej Elin, blanketten du bad om är bifogad.',
    'Hej Karin, din anslutning fungerar igen.',
    'Hello Elin, the cable was replaced and your line works again.',
    '👍',
    'okej',
    'Kunden är arg igen, kan någon ringa?',
  ],
  ru: [
    'Здравствуйте, Ольга! Вам позвонит Пекка Салонен.',
    'Здравствуйте, Ольга! Смотрите https://jira.brightdesk.example/browse/7, пожалуйста.',
    'Здравствуйте, Ольга! Ваш пароль: Sokol-4471.',
    'Здравствуйте, Ольга! У вас то же, что в TK-99.',
    'Здравствуйте, Ольга! Прикрепляю анкету для вас.',
    'Здравствуйте, Наталья! Ваш интернет снова работает.',
    'Hello Olga, the cable was replaced and your line works again.',
    '👍',
    'ага',
    'Клиент опять злится, кто-нибудь может позвонить?',
  ],
};

const MENTIONS: Record<Exclude<Case['mention'], 'nobody'>, { element: Element; text: string }> = {
  user: { element: { type: 'user', user_id: 'U0ANNA' }, text: '<@U0ANNA>' },
  group: { element: { type: 'usergroup', usergroup_id: 'S0BILLING' }, text: '<!subteam^S0BILLING|@billing>' },
  channel: { element: { type: 'channel', channel_id: 'C0DEV' }, text: '<#C0DEV|dev>' },
  everyone: { element: { type: 'broadcast', range: 'here' }, text: '<!here>' },
  bot: { element: { type: 'user', user_id: 'UTIKETTI' }, text: '<@UTIKETTI>' },
};

export function payloadOf(one: Case, body: string): Payload {
  return one.isTextOnly
    ? { text: textOf(one, body) }
    : { blocks: [{ type: 'rich_text', elements: elementsOf(one, body) }], text: escaped(body) };
}

function elementsOf(one: Case, body: string): Element[] {
  const head = one.marks.flatMap((mark) => [...markElements(one, mark), text(' ')]);
  const bot = one.isBotFirst ? [MENTIONS.bot.element, text(' ')] : [];
  const tail = [
    ...(one.mention === 'nobody' ? [] : [text(' '), MENTIONS[one.mention].element]),
    ...(one.hasLockAtEnd ? [text(' '), emoji('lock', '1f512'), text(' \u200b')] : []),
  ];
  const words = body === '👍' ? [emoji('+1', '1f44d')] : [text(body)];
  const blank = one.dressing === 'blank-first' ? [{ type: 'rich_text_section', elements: [text(' \u200b\n\n')] }] : [];
  if (one.place === 'paragraph') return [...blank, section([...head, ...bot, ...words, ...tail])];
  const inside = one.place === 'code' ? [text(one.marks.join(' ') + ' x')] : [...head, text('x')];
  return [...blank, container(one.place, inside), section([...bot, ...words, ...tail])];
}

function container(place: 'list' | 'quote' | 'code', inside: Element[]): Element {
  if (place === 'quote') return { type: 'rich_text_quote', elements: inside };
  if (place === 'code') return { type: 'rich_text_preformatted', elements: inside, border: 0 };
  return { type: 'rich_text_list', style: 'bullet', indent: 0, elements: [section(inside)] };
}

function markElements(one: Case, mark: string): Element[] {
  if (mark === '🔒') return [emoji('lock', '1f512')];
  if (mark === '📨') return [emoji('incoming_envelope', '1f4e8')];
  const dressed = dress(mark, one.dressing);
  if (one.formatting !== 'split') return [text(dressed, one.formatting)];
  const at = Math.ceil(dressed.length / 2);
  return [text(dressed.slice(0, 1), 'bold'), text(dressed.slice(1, at)), text(dressed.slice(at), 'italic')].filter(
    (element) => element['text'] !== '',
  );
}

function dress(mark: string, dressing: Case['dressing']): string {
  switch (dressing) {
    case 'upper':
      return mark.toUpperCase();
    case 'decomposed':
      return mark.normalize('NFD');
    case 'invisible':
      return Array.from(mark).join('\u200b');
    case 'wide-colon':
      return mark.replace(':', '：');
    case 'spaced-colon':
      return mark.replace(':', ' :');
    case 'no-break-space':
      return `\u00a0${mark.replace(' ', '\u00a0')}\u00a0`;
    case 'plain':
    case 'blank-first':
      return mark;
    default:
      return dressing satisfies never;
  }
}

function textOf(one: Case, body: string): string {
  const signs: Record<Case['formatting'], string> = { plain: '', bold: '*', italic: '_', code: '`', split: '' };
  const head = one.marks
    .map((mark) =>
      /[🔒📨]/u.test(mark)
        ? { '🔒': ':lock:', '📨': ':incoming_envelope:' }[mark]
        : wrapped(escaped(dress(mark, one.dressing)), signs[one.formatting]),
    )
    .join(' ');
  const bot = one.isBotFirst ? `${MENTIONS.bot.text} ` : '';
  const tail = (one.mention === 'nobody' ? '' : ` ${MENTIONS[one.mention].text}`) + (one.hasLockAtEnd ? ' :lock: ' : '');
  const words = body === '👍' ? ':+1:' : escaped(body);
  const blank = one.dressing === 'blank-first' ? ' \u200b\n\n' : '';
  if (one.place === 'quote') return `${blank}&gt; ${head} x\n${bot}${words}${tail}`;
  if (one.place === 'code') return `${blank}\`\`\`\n${one.marks.join(' ')} x\n\`\`\`\n${bot}${words}${tail}`;
  return `${blank}${head ? `${head} ` : ''}${bot}${words}${tail}`;
}

function wrapped(mark: string, sign: string): string {
  const inner = mark.trim();
  return sign === '' ? mark : mark.replace(inner, () => sign + inner + sign);
}

function section(elements: Element[]): Element {
  return { type: 'rich_text_section', elements };
}

function text(words: string, formatting: Case['formatting'] = 'plain'): Element {
  const style = formatting === 'plain' || formatting === 'split' ? {} : { style: { [formatting]: true } };
  return { type: 'text', text: words, ...style };
}

function emoji(name: string, unicode: string): Element {
  return { type: 'emoji', name, unicode };
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
