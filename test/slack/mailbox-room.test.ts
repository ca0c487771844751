import { afterEach, expect, test } from 'vitest';
import { noteRoom } from '#tickets/mailbox-room.ts';
import { team } from '#tickets/roles.ts';
import { eventually } from '../support/eventually.ts';
import { startTestHouse, type TestHouse } from '../support/house.ts';

let house: TestHouse;
afterEach(() => house.stop());

const direct = () =>
  Object.values(house.playground.state.channels)
    .filter((channel) => channel.id.startsWith('D'))
    .flatMap((channel) => house.playground.readMessages(channel.id).map((message) => message.text));

test('an admin hears in their own language, once, that a mailbox is nearly full', async () => {
  house = await startTestHouse();
  await eventually(async () => (await team(house.desk.db)).some((one) => one.role === 'admin'));
  await noteRoom(house.desk, 1, 89);
  await noteRoom(house.desk, 1, 93);
  await noteRoom(house.desk, 1, 88);
  await noteRoom(house.desk, 1, 95);
  const isTold = (text: string) => text.includes('93-prosenttisesti täynnä') && text.includes('support@pohjola.test');
  await house.playground.until(() => direct().find(isTold));
  await house.quiet();
  expect(direct().filter((text) => text.includes('prosenttisesti'))).toHaveLength(1);
});
