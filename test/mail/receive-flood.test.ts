import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '#clock.ts';
import { describeDatabases } from '../support/databases.ts';
import { testDesk } from '../support/desk.ts';
import { type Mailroom, mailrooms, type RawMail } from '../support/mailroom.ts';

const openMailroom = mailrooms();
const MATTERS =
  'printer lamp door chair window table screen mouse camera router phone lock heater pipe fan roof wall stairs lift gate sink oven';
const DIFFERENT = MATTERS.split(' ').map((thing): RawMail => ({ subject: `The ${thing}`, body: `Our ${thing} needs a ${thing}smith` }));
const alike = (count: number): RawMail[] =>
  Array.from({ length: count }, (_, at) => ({
    subject: `Alarm ${at}`,
    body: `Sensor 4 reads ${at * 7} degrees at 12:0${at % 10}, please check the cellar`,
  }));

describeDatabases('a flood from one sender', (subject) => {
  async function scene() {
    const desk = await testDesk(subject.db);
    return { desk, room: await openMailroom(desk) };
  }

  async function outcomes(room: Mailroom, mails: RawMail[]) {
    const taken: (string | null)[] = [];
    for (const mail of mails) taken.push((await room.takeOne(mail)).outcome);
    return taken;
  }

  test('the twentieth mail in ten minutes waits for a person, the nineteenth does not', async () => {
    const { room } = await scene();
    const mails = await outcomes(room, DIFFERENT.slice(0, 20));
    expect(mails.slice(0, 19)).toEqual(Array.from({ length: 19 }, () => 'created'));
    expect(mails[19]).toBe('quarantined');
  });

  test('of mails that are nearly the same the tenth waits, and those after it', async () => {
    const { room } = await scene();
    const mails = await outcomes(room, alike(12));
    expect(mails.slice(0, 9)).toEqual(Array.from({ length: 9 }, () => 'created'));
    expect(mails.slice(9)).toEqual(['quarantined', 'quarantined', 'quarantined']);
  });

  test('ten different mails are ten tickets, whoever else writes the same', async () => {
    const { room } = await scene();
    await room.take(...alike(5).map((mail) => ({ ...mail, from: 'sven@asiakas.test' })));
    expect(new Set(await outcomes(room, DIFFERENT.slice(0, 12)))).toEqual(new Set(['created']));
  });

  test('an alarm every two minutes is no flood', async () => {
    const { desk, room } = await scene();
    for (const mail of alike(12)) {
      expect((await room.takeOne(mail)).outcome).toBe('created');
      desk.clock.advance(2 * MINUTE + SECOND);
    }
  });
});
