import { afterEach, beforeEach, expect, test } from 'vitest';
import { OUR_ADDRESS, startTestHouse, type TestHouse } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';

const PLACE = { as: 'anna', channel: 'support' };

let house: TestHouse;
beforeEach(async () => {
  house = await startTestHouse();
});
afterEach(() => house.stop());

async function customerWrites(): Promise<void> {
  await sendMail(house.mailPort ?? 0, {
    from: 'Liisa Virtanen <liisa@asiakas.test>',
    to: OUR_ADDRESS,
    subject: 'The printer is broken',
    text: 'Hello,\n\nour printer has not printed anything since this morning. What should we do?\n\nLiisa',
  });
}

function cardNow(): { ts: string } | undefined {
  return house.playground.readMessages('support').find((message) => message.text.includes('TK-1'));
}

async function ticket(): Promise<{ ts: string }> {
  await customerWrites();
  const card = await house.playground.until(cardNow);
  await house.sink.mail((mail) => mail.to.includes('liisa@asiakas.test'));
  await house.quiet();
  return card;
}

/** Everything that was said to the house is heard and done. */
async function done(): Promise<void> {
  await house.playground.settled();
  await house.quiet();
}

async function comments(): Promise<string[]> {
  const { comments } = house.desk.db.tables;
  const rows = await house.desk.db.select().from(comments).orderBy(comments.id);
  return rows.map((row) => `${row.visibility}: ${JSON.stringify(row.document)}`);
}

test('what is written under a card is kept although Slack has not yet said where the card stands', async () => {
  const { playground } = house;
  playground.faults.calls({ method: 'chat.postMessage', kind: 'slow', delayMilliseconds: 700 });
  await customerWrites();
  const card = await playground.until(cardNow);
  playground.post({ ...PLACE, threadTs: card.ts, text: 'note: this one has called before' });
  await playground.settled();
  await expect.poll(comments, { timeout: 5_000 }).toContainEqual(expect.stringContaining('called before'));
});

test('a note whose 📨 overtook it is sent', async () => {
  const { playground, sink } = house;
  const card = await ticket();
  playground.faults.events({ type: 'message', kind: 'hold' });
  const note = playground.post({ ...PLACE, threadTs: card.ts, text: 'note: Hello! Please change the cable.' });
  playground.react({ ...PLACE, ts: note.ts, name: 'incoming_envelope' });
  await done();
  playground.sockets.release();
  const mail = await sink.mail((one) => one.raw.toString().includes('change the cable'));
  expect(mail.to).toEqual(['liisa@asiakas.test']);
});

test('a message whose deletion overtook it is never mailed', async () => {
  const { playground, sink } = house;
  const card = await ticket();
  playground.faults.events({ type: 'message', kind: 'hold' });
  const reply = playground.post({ ...PLACE, threadTs: card.ts, text: 'Hello! Please throw the printer out.' });
  playground.deleteMessage({ ...PLACE, ts: reply.ts });
  await done();
  playground.sockets.release();
  await done();
  expect(sink.mails.filter((mail) => mail.raw.toString().includes('throw the printer'))).toEqual([]);
  expect(await comments()).not.toContainEqual(expect.stringContaining('throw the printer'));
});
