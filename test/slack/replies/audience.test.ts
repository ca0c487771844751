import { describe, expect, test } from 'vitest';
import { checkAudience } from '#slack/replies/audience.ts';
import type { AudienceSubject } from '#slack/replies/audience-facts.ts';
import { findNames, personIndex } from '#slack/replies/names.ts';
import { sentencesOf } from '#slack/replies/passages.ts';
import { type Document, plainDocument } from '#text/document.ts';
import { REQUESTERS, facts } from './cast.ts';

describe('a reply is doubted when it', () => {
  test.each([
    [
      'names a colleague',
      'names_colleague',
      'en',
      [
        'Hi Emma, Pekka will call you today.',
        'Hi Emma, I asked sofia and your plan is fine.',
        'Ms Lindqvist has your papers, Emma.',
        'Hi Emma, bcarter-2 has it. Ben Carter will call you.',
      ],
    ],
    [
      'names a colleague in the forms of the language',
      'names_colleague',
      'fi',
      [
        'Hei Liisa, kysyin Pekalta ja tilauksesi on kunnossa.',
        'Hei Liisa, lähetin viestisi Saloselle.',
        'Hei Liisa, soitan sinulle kun olen puhunut Sofian kanssa.',
        'Hei Liisa, kysyn Benniltä ja palaan asiaan huomenna.',
      ],
    ],
    [
      'names a colleague in another alphabet',
      'names_colleague',
      'ru',
      ['Здравствуйте, Ольга! Вам ответит София.', 'Здравствуйте, Ольга! Я спросил у Дмитрия, ваш заказ готов.'],
    ],
    ['calls somebody', 'mentions', 'en', ['Hi Emma, @anna will call you.', 'Hi Emma, cc @bcarter']],
    [
      'names an internal host',
      'internal_host',
      'en',
      [
        'Hi Emma, see https://jira.brightdesk.example/x for your case.',
        'Hi Emma, your file is on wiki.intra.brightdesk.example.',
        'Hi Emma, your build ran on buildbox.',
        'Hi Emma, open http://10.2.3.4:8080/ please.',
        'Hi Emma, open http://grafana/d/1 please.',
        'Hi Emma, see https://team.slack.com/archives/C1/p2 please.',
        'Hi Emma, log in to db1.internal please.',
      ],
    ],
    [
      'holds a secret',
      'secret',
      'en',
      [
        'Hi Emma, your password is Kestrel-4471.',
        'Hi Emma, use this token: a8Zk2Lq90xPw1mTn.',
        'Hi Emma, use AKIAIOSFODNN7EXAMPLE please.',
        'Hi Emma, xoxb-123456789012-abcdef works.',
        'Hi Emma, postgres://admin:hunter2@db.example/x is yours.',
        'Hi Emma, -----BEGIN RSA PRIVATE KEY----- is yours.',
        'Hi Emma, use zT7kQ2mVx9LpR4sWb8Yc1NdF please.',
        'Hi Emma, your PIN code: 4471.',
      ],
    ],
    ['holds a secret in Finnish', 'secret', 'fi', ['Hei Liisa, salasanasi on Haukka-4471.', 'Hei Liisa, PIN-koodi: 4471.']],
    ['holds a secret in Russian', 'secret', 'ru', ['Здравствуйте, Ольга! Ваш пароль: Sokol-4471.']],
    ['holds a card number', 'card_number', 'en', ['Hi Emma, your card 4111 1111 1111 1111 was charged.']],
    ['holds a personal identity code', 'personal_id', 'fi', ['Hei Liisa, vahvistatko tunnuksesi 131052-308T?']],
    [
      'names another customer',
      'other_customer',
      'en',
      [
        'Hi Emma, Harriet Poole had the same and your fix is the same.',
        'Hi Emma, Nordlake Timber had the same as you.',
        'Hi Emma, write to harriet.poole@mail.example please.',
        'Hi Emma, your copy went to info@mail.acme.example.',
      ],
    ],
    [
      'names another customer in the forms of the language',
      'other_customer',
      'fi',
      ['Hei Liisa, Timo Raution tilaus meni sinulle vahingossa.'],
    ],
    [
      'names another ticket',
      'other_ticket',
      'en',
      ['Hi Emma, your case is like TK-99.', 'Hi Emma, your case is like sup 12.', 'Hi Emma, your case is like tk–117.'],
    ],
    ['says "attached" with no file', 'nothing_attached', 'en', ['Hi Emma, the form is attached.', 'Hi Emma, please see attachment.']],
    ['says it in Finnish', 'nothing_attached', 'fi', ['Hei Liisa, lasku on liitteenä.', 'Hei Liisa, ohessa uusi lasku sinulle.']],
    ['says it in Swedish', 'nothing_attached', 'sv', ['Hej Elin, fakturan är bifogad.', 'Hej Elin, se bilaga.']],
    ['says it in Russian', 'nothing_attached', 'ru', ['Здравствуйте, Ольга! Прикрепляю счёт.', 'Здравствуйте, Ольга! Счёт во вложении.']],
    [
      'greets the wrong name',
      'wrong_greeting',
      'en',
      ['Hi Harriet, your line works again.', 'Dear Mr Smith, your line works again.', 'hello tom, your line works again.'],
    ],
    [
      'greets the wrong name in Russian',
      'wrong_greeting',
      'ru',
      ['Здравствуйте, Наталья! Ваш интернет работает.', 'Добрый день, Иван Петрович! Ваш интернет работает.'],
    ],
    ['greets the team', 'greets_team', 'en', ['Hi all, your line works again.', 'Morning team, the line works.']],
    ['greets the team in Swedish', 'greets_team', 'sv', ['Hej alla, din anslutning fungerar.']],
    [
      'is in another language',
      'other_language',
      'en',
      ['Hei Emma, kaapeli on vaihdettu ja yhteytesi toimii nyt taas.', 'Здравствуйте, Emma! Ваш интернет снова работает.'],
    ],
    ['has no words', 'no_words', 'en', ['👍', '🎉 🎉', '...', '\u200b', 'https://docs.example/fr']],
    ['only agrees', 'only_acknowledgement', 'en', ['ok', 'Okay!', 'thanks 🙏', '+1', 'joo', 'Спасибо', 'tack']],
    [
      'has a note mark inside',
      'mark_inside',
      'en',
      [
        'Hi Emma, your line works.\nnote: she is cross',
        'Hi Emma, it works 🔒 for you.',
        'Hi Emma ;; your line works',
        'internal - your line works, Emma',
        '[private] Hi Emma, your line works.',
      ],
    ],
    ['has a note mark inside in Swedish', 'mark_inside', 'sv', ['OBS! Din anslutning fungerar.']],
    ['is rude', 'rude', 'en', ['Hi Emma, this is bullshit, but your line works.']],
    ['speaks about the requester', 'about_requester', 'en', ['Emma called again.', 'I talked with Emma.']],
  ])('%s', (_what, key, language, texts) => {
    expect(texts.filter((text) => !keys(text, language).includes(key))).toEqual([]);
  });
});

describe('a reply is not doubted for', () => {
  test.each([
    [
      'the author’s own name',
      'en',
      ['Your line works again, Emma.\n\nBest regards\nSam', 'Hi Emma, this is Sam from Brightdesk. Your line works again.'],
    ],
    [
      'the requester’s name, or one like it',
      'en',
      ['Hi Emma, your line works.', 'Dear Ms Clarke, your line works.', 'Thank you Emma, your line works.', 'Your line works, Emma.'],
    ],
    ['the requester’s name in another alphabet', 'ru', ['Hello Olga.', 'Ольга Ивановна, здравствуйте! Ваш интернет работает.'].slice(1)],
    ['a name that is a common word', 'en', ['Will the line work for you now? Mark the box to tell us.']],
    [
      'advice about passwords',
      'en',
      [
        'Your password: at least eight characters, please.',
        'You can reset the password: https://app.example/reset',
        'Your token is valid for 15 minutes.',
      ],
    ],
    ['its own ticket', 'en', ['Hi Emma, your number is TK-7.', 'Hi Emma, your number is tk 7.']],
    ['everybody’s addresses', 'en', ['Open http://192.168.1.1 to see your router.', 'Run it on localhost:3000 and tell us what you see.']],
    [
      'the customer’s attachment',
      'en',
      ['Your attachment was empty, could you send it again?', 'Could you send the log as an attachment?'],
    ],
    [
      'a greeting without a name',
      'en',
      ['Hi there, your line works.', 'Hello again, your line works.', 'Hi, Thanks for your patience.', 'Hello! Great to hear from you.'],
    ],
    [
      'long numbers that are none of those',
      'en',
      ['Your order 8823 1177 2291 0042 has left.', 'Your parcel JJFI65432100012345678 has left.'],
    ],
  ])('%s', (_what, language, texts) => {
    expect(texts.map((text) => [text, keys(text, language)])).toEqual(texts.map((text) => [text, []]));
  });

  test('"attached" with a file', () => {
    expect(checkAudience(plainDocument('Hi Emma, the form is attached.'), facts, { ...subject('en'), hasFiles: true })).toEqual([]);
  });

  test('a greeting when nobody knows the requester’s name, or it is a company', () => {
    for (const requesterName of [null, 'Clarke Homes Ltd', 'emma@clarke.example']) {
      expect(checkAudience(plainDocument('Hi Emma, your line works.'), facts, { ...subject('en'), requesterName })).toEqual([]);
    }
  });
});

test('the requester’s own company is no other customer, wherever the lists have it from', () => {
  const own = { ...subject('en'), organizationName: 'Nordlake Timber Oy', ownDomains: ['nordlake.example'] };
  const reply = plainDocument('Hi Emma, Nordlake Timber gets one bill, sent to bills@mail.nordlake.example for you.');
  expect(checkAudience(reply, facts, own)).toEqual([]);
  expect(checkAudience(reply, facts, subject('en')).map(({ key }) => key)).toEqual(['other_customer']);
});

test('a reason never repeats the secret it found', () => {
  const reasons = checkAudience(
    plainDocument('Hi Emma, your password is Kestrel-4471 and your card 4111111111111111.'),
    facts,
    subject('en'),
  );
  expect(JSON.stringify(reasons)).not.toMatch(/Kestrel|4111/);
});

test('the sure language detector is asked, and overruled by the ticket’s own frequent words', () => {
  const sure = { ...facts, detectLanguage: () => ({ code: 'et', confidence: 0.95, letters: 40 }) };
  const estonian = 'Tere, kaabel vahetati välja ning internet toimib jälle korralikult.';
  expect(checkAudience(plainDocument(estonian), sure, subject('en')).map(({ key }) => key)).toContain('other_language');
  expect(checkAudience(plainDocument('Hi Emma, your line works again and the bill is paid.'), sure, subject('en'))).toEqual([]);
});

test('what is quoted or code is searched for secrets and names as well', () => {
  const document: Document = {
    blocks: [
      ...plainDocument('Hi Emma, your line works.').blocks,
      { type: 'quote', blocks: plainDocument('Pekka Salonen wrote this').blocks },
      { type: 'code', text: 'curl http://10.9.8.7/' },
      { type: 'list', ordered: false, items: [plainDocument('Harriet Poole').blocks] },
    ],
  };
  expect(checkAudience(document, facts, subject('en')).map(({ key }) => key)).toEqual([
    'names_colleague',
    'internal_host',
    'other_customer',
  ]);
});

test('what lies too deep or too far to be read is a doubt', () => {
  let deep: Document = plainDocument('Hi Emma, your line works.');
  for (let level = 0; level < 60; level += 1) deep = { blocks: [{ type: 'quote', blocks: deep.blocks }] };
  expect(checkAudience(deep, facts, subject('en')).map(({ key }) => key)).toContain('too_long');
  expect(keys('Hi Emma, your line works. '.repeat(4_000), 'en')).toContain('too_long');
});

test('a name is found among ten thousand, in all its forms', () => {
  const index = personIndex(Array.from({ length: 10_000 }, (_, number) => `Person${number} Family${number}`).concat('Jukka Nieminen'), {
    alone: true,
  });
  const found = ['Jukan', 'Jukalle', 'Jukasta', 'Niemisen', 'Niemiseltä', 'Юкка'].filter(
    (form) => findNames(index, sentencesOf(`kysyin ${form} asiaa`)[0] ?? [], new Set()).length > 0,
  );
  expect(found).toEqual(['Jukan', 'Jukalle', 'Jukasta', 'Niemisen', 'Niemiseltä', 'Юкка']);
});

/** Slack carries 40 000 characters; none of these may take longer than a hold's line. */
const LONGEST = 40_000;
const MAX_MILLISECONDS = 2_000;
test.each([
  ['a'],
  ['a.'],
  ['a@'],
  ['@a '],
  ['1 '],
  ['1'],
  [';'],
  ['note: '],
  ['A1b2'],
  ['TK-'],
  ['password: '],
  ['he said '],
  ['Pekka Salonen '],
  ['joku '],
  ['<'],
  ['🔒'],
  ['http://a'],
  ['a-'],
  ["a'"],
  ['\n'],
])('a message of nothing but %j is checked in time', (unit) => {
  const started = performance.now();
  keys(unit.repeat(LONGEST / unit.length), 'en');
  expect(performance.now() - started).toBeLessThan(MAX_MILLISECONDS);
});

function subject(language: string): AudienceSubject {
  return { hasFiles: false, number: 'TK-7', language, requesterName: REQUESTERS[language] ?? null };
}

function keys(text: string, language: string): string[] {
  return checkAudience(plainDocument(text), facts, subject(language)).map(({ key }) => key);
}
