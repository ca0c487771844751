import { afterEach, expect, test } from 'vitest';
import { cardOf, deliver, firstLetter, messagesIn, received } from './acts.ts';
import { press } from './load.ts';
import { discrepancies } from './reconcile.ts';
import { CHANNEL, openWorld, restart, settle, type World } from './world.ts';

let world: World | undefined;
afterEach(() => world?.close());

test('the ✋ of a reply that was held before a restart goes when it is sent after it', async () => {
  world = await openWorld('sqlite');
  await restart(world);
  await deliver(world, firstLetter('Quebec'));
  const card = await cardOf(world, 'Quebec');
  // Only "ok": a person must look at it first.
  const { ts } = world.playground.post({ as: 'anna', channel: CHANNEL, threadTs: card.ts, text: 'ok' });
  await settle(world);
  const source = () => messagesIn(world as World).find((message) => message.ts === ts);
  expect(source()?.reactions?.map((reaction) => reaction.name)).toEqual(['hand']);
  await world.server.kill();
  await restart(world);
  const line = messagesIn(world).find((message) => JSON.stringify(message.blocks ?? []).includes('line.send'));
  await press(world, { as: 'anna', ts: line?.ts ?? '', actionId: 'line.send' });
  await received(world, 'Quebec', (mail) => mail.mail.text?.includes('ok') ?? false);
  await settle(world);
  expect(source()?.reactions?.map((reaction) => reaction.name)).toEqual(['incoming_envelope']);
});

test('a reply that failed after two doubts and was sent once more by a click still says that it may have arrived twice', async () => {
  world = await openWorld('sqlite');
  await restart(world);
  const letter = firstLetter('Romeo');
  await deliver(world, letter);
  const card = await cardOf(world, 'Romeo');
  await received(world, 'Romeo');
  const doubt = { isTaken: true, isAnswered: false };
  world.receiver.next(doubt, doubt);
  const text = 'Hello! Please switch the printer off and on again, as in reply-Romeo.';
  const { ts } = world.playground.post({ as: 'anna', channel: CHANNEL, threadTs: card.ts, text });
  await settle(world);
  const line = messagesIn(world).find((message) => JSON.stringify(message.blocks ?? []).includes('line.retry'));
  await press(world, { as: 'anna', ts: line?.ts ?? '', actionId: 'line.retry' });
  await settle(world);
  const posted = { name: 'Romeo', by: 'anna', words: ['reply-Romeo'], ts, becomes: 'mail' as const };
  expect(await discrepancies(world, { letters: [{ letter, name: 'Romeo', isFirst: true }], posts: [posted] })).toEqual([]);
});
