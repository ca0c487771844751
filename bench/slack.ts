import { chanceOf } from '../src/cli/seed-chance.ts';
import { order } from './child.ts';
import { type Spread, spread } from './figures.ts';
import type { House } from './house.ts';
import { type Letter, makeLetters } from './letters.ts';
import { sendAll } from './send.ts';

const WARM_UP = 10;

/** `/ticket create` until Slack is asked to open the modal, as Slack's side sees it. */
export async function measureCreate({ town }: House, samples: number): Promise<Spread> {
  const times: number[] = [];
  for (let run = 0; run < samples + WARM_UP; run += 1) times.push(await order<number>(town, 'create', ''));
  return spread(times.slice(WARM_UP));
}

/** Questions of the requester's picker: names, parts of addresses, phone numbers. */
export async function measureRequesterSearch({ town, watch }: House, samples: number): Promise<Spread> {
  const identities = watch.rows<{ name: string; value: string; kind: string }>(
    `select people.name as name, identities.value as value, identities.kind as kind from identities
     join people on people.id = identities.person_id where identities.kind <> 'slack' order by identities.id limit 50000`,
  );
  const chance = chanceOf(samples);
  const queries = Array.from({ length: samples + WARM_UP }, () => {
    const { name, value, kind } = chance.oneOf(identities);
    if (kind === 'phone') return chance.isLucky(0.5) ? value : value.slice(-7);
    return chance.oneOf([name, name.slice(0, 3), name.split(' ')[1] ?? name, value.slice(0, 6), value.split('@')[1] ?? value]);
  });
  const times = await order<number[]>(town, 'options', queries);
  return spread(times.slice(WARM_UP));
}

/** `/ticket search …` until its answer: words of subjects, half words, codes. */
export async function measureTicketSearch({ town, watch }: House, samples: number): Promise<Spread> {
  const subjects = watch.rows<{ subject: string }>('select subject from tickets order by id desc limit 20000');
  const chance = chanceOf(samples);
  const times: number[] = [];
  for (let run = 0; run < samples + WARM_UP; run += 1) {
    const words = chance.oneOf(subjects).subject.split(/[\s,?]+/);
    const one = chance.oneOf(words);
    const query = chance.oneOf([one, `${one} ${chance.oneOf(words)}`, one.slice(1, 5), words.find((word) => /\d/.test(word)) ?? one]);
    times.push(await order<number>(town, 'search', query.length > 1 ? query : 'laite'));
  }
  return spread(times.slice(WARM_UP));
}

const ANSWER = 'Thank you for the details. Please restart the program once more and tell us whether that was enough.';

/** An agent's words in a thread: until the frozen delivery is committed, and until the customer's server has the mail. */
export async function measureThread(house: House, samples: number): Promise<{ released: Spread; accepted: Spread }> {
  const { town, watch } = house;
  const letters = makeLetters((samples + WARM_UP) * 6, 'thread');
  const released: number[] = [];
  const accepted: number[] = [];
  for (const letter of letters) {
    if (released.length >= samples + WARM_UP) break;
    const ticket = await openedBy(house, letter);
    // The remark is English, and one in another language than the ticket's would rightly be held.
    if (ticket.language !== 'en') continue;
    const ts = await order<string>(town, 'cardOf', `TK-${ticket.number}`);
    const answered = await order<{ ts: string; writtenAt: number; takenAt: number }>(town, 'answer', {
      ts,
      text: ANSWER,
      recipient: letter.from,
    });
    const [delivery] = watch.rows<{ at: number }>(
      `select deliveries.created_at as at from deliveries join holds on holds.comment_id = deliveries.comment_id
       where holds.source_key like ?`,
      `%:${answered.ts}`,
    );
    if (!delivery) throw new Error('The answer has no delivery.');
    released.push(delivery.at - answered.writtenAt);
    accepted.push(answered.takenAt - answered.writtenAt);
  }
  return { released: spread(released.slice(WARM_UP)), accepted: spread(accepted.slice(WARM_UP)) };
}

async function openedBy({ server, town, watch }: House, letter: Letter): Promise<{ number: number; language: string }> {
  const taken = await order<number>(town, 'taken');
  await sendAll(server.mailPort, [letter], 1);
  await order(town, 'takenAll', { count: taken + 1, deadlineMs: 10_000 });
  const [ticket] = watch.rows<{ number: number; language: string }>(
    'select number, language from tickets where id = (select ticket_id from mails where from_address = ?)',
    letter.from,
  );
  if (!ticket) throw new Error('A mail made no ticket.');
  return ticket;
}
