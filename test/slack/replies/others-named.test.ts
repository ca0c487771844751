import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkAudience } from '#slack/replies/audience.ts';
import { othersNamed } from '#slack/replies/others-named.ts';
import { plainDocument } from '#text/document.ts';
import { ensurePerson } from '#tickets/people.ts';
import { describeDatabases } from '../../support/databases.ts';
import { agent, mailedTicket, person, testDesk } from '../../support/desk.ts';
import { facts } from './cast.ts';
import { answers, LANGUAGES, unseenAnswers } from './remarks.ts';

const WORDS = JSON.parse(readFileSync('src/cli/seed-words.json', 'utf8')) as Record<string, { first: string[]; last: string[] }>;

describeDatabases('other customers in a reply', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    const liisa = await person(desk, 'liisa@asiakas.test', 'Liisa Korhonen');
    const { ticket } = await mailedTicket(desk, liisa);
    const doubts = async (text: string, language = 'fi') => {
      const document = plainDocument(text);
      const audience = { ...facts, ...(await othersNamed(desk, ticket, document)) };
      const about = { hasFiles: false, number: 'TK-1', language, requesterName: 'Liisa Korhonen' };
      return checkAudience(document, audience, about)
        .filter((reason) => reason.key === 'other_customer')
        .map((reason) => reason.params['name']);
    };
    return { desk, doubts };
  }

  test('are found by their whole names, bent as Finnish bends them, and by their addresses', async () => {
    const { desk, doubts } = await scene();
    await person(desk, 'pekka@toinen.test', 'Pekka Virtanen');
    await person(desk, 'jukka.laine@gmail.com', 'Jukka Laine');
    expect(await doubts('Hei Liisa! Lähetimme saman ohjeen eilen myös Pekka Virtaselle.')).toEqual(['Pekka Virtanen']);
    expect(await doubts('Hei Liisa! Sama vika on korjattu Jukka Laineella jo eilen.')).toEqual(['Jukka Laine']);
    expect(await doubts('Hei Liisa! Lasku meni osoitteeseen jukka.laine@gmail.com eilen.')).toEqual(['jukka.laine@gmail.com']);
  });

  test('are not the requester, nor colleagues of ours', async () => {
    const { desk, doubts } = await scene();
    await agent(desk, 'anna@pohjola.test', 'Anna Aalto');
    expect(await doubts('Hei Liisa Korhonen! Terveisin Anna Aalto, liisa@asiakas.test')).toEqual([]);
  });

  test('are not seen where there are none: no ordinary answer is held among many customers', async () => {
    const { desk, doubts } = await scene();
    await desk.db.transaction('many customers', async (tx, carried) => {
      for (const { first, last } of Object.values(WORDS))
        for (const one of first?.slice(0, 7) ?? [])
          for (const name of last?.slice(0, 6) ?? [])
            await ensurePerson({ ...desk, db: carried }, tx, {
              kind: 'email',
              value: `${one}.${name}@kunde.test`.toLowerCase(),
              name: `${one} ${name}`,
            });
    });
    const held: string[] = [];
    for (const language of LANGUAGES)
      for (const text of [...(answers[language] ?? []), ...(unseenAnswers[language] ?? [])])
        if ((await doubts(text, language)).length > 0) held.push(text);
    expect(held).toEqual([]);
  });
});
