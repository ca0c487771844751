import { afterEach, expect, test } from 'vitest';
import { defaultGroup } from '#tickets/find.ts';
import { adminCount } from '#tickets/roles.ts';
import { eventually } from '../support/eventually.ts';
import { sendMail } from '../support/letters.ts';
import { OUR_ADDRESS, startTestHouse, type TestHouse } from '../support/house.ts';

let house: TestHouse;
afterEach(async () => {
  await house.stop();
});

const idOf = (name: string) => Object.values(house.playground.state.people).find((one) => one.name === name)?.id ?? '';
const home = () => JSON.stringify(house.playground.home('anna')?.['blocks'] ?? []);
const shows = (words: string) => house.playground.until(() => home().includes(words));
const click = (actionId: string) => house.playground.click({ as: 'anna', viewId: 'home', actionId });

async function begin(): Promise<void> {
  house = await startTestHouse({ environment: { TIKETTI_LOCALE: 'sv', TIKETTI_TIME_ZONE: 'Europe/Stockholm' } });
  // The first admins and the channel are found after the doors have opened.
  await eventually(async () => (await adminCount(house.desk.db)) > 0 && (await defaultGroup(house.desk.db)).slackChannel !== null);
  house.playground.openHome('anna');
  await shows('home.tab:work');
}

async function look(words: string): Promise<void> {
  house.playground.openHome('anna');
  await click('home.tab:work');
  await shows(words);
}

test('the first admin is led through what is to be done, and the list goes away when it is done', async () => {
  await begin();
  await look('Tehty 1/5');
  expect(home()).toContain('ruotsi');
  expect(home()).toContain('Europe/Stockholm');
  await click('guide.looked:locale');
  await shows('Tehty 2/5');
  await click('guide.go:rules');
  await shows('rule.edit');
  await look('Tehty 3/5');
  await sendMail(house.mailPort ?? 0, { from: 'liisa@asiakas.test', to: OUR_ADDRESS, subject: 'Hei', text: 'Tulostin ei toimi.' });
  await house.quiet();
  await look('Tehty 4/5');
  await click('guide.go:people');
  await shows('person.add');
  await house.playground.click({ as: 'anna', viewId: 'home', actionId: 'person.add', value: idOf('ben') });
  await shows('Ben Brown');
  house.playground.openHome('anna');
  await click('home.tab:work');
  await house.playground.until(() => home().includes('home.create') && !home().includes('Ensiaskeleet'));
});

test('an admin who needs no list hides it, for every admin and for good', async () => {
  await begin();
  await look('Ensiaskeleet');
  await click('guide.dismiss');
  await house.playground.until(() => !home().includes('Ensiaskeleet'));
  house.playground.openHome('anna');
  await shows('home.create');
  expect(home()).not.toContain('guide.');
});
