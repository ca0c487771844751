import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { OUR_ADDRESS } from '../support/house.ts';
import { sendMail } from '../support/letters.ts';
import { beginStory, LIISA, type Story } from './story.ts';
import { deleted, edited, holds, said, taken } from './thread-events.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

const GOOD = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';
const BETTER = 'Hei Liisa! Irrottakaa tulostimen virtajohto minuutiksi, niin se alkaa taas toimia.';
const NO_HOLD = { environment: { TIKETTI_HOLD_SECONDS: '0' } };

/** The first answer waits for Liisa's server, so the second is released and still queued. */
async function queuedReply(): Promise<{ ts: string }> {
  story.sink.refuse(451, '4.3.0 later', 1);
  await said(story, 'anna', GOOD);
  await eventually(async () => {
    const rows = await story.desk.db.select().from(story.desk.db.tables.deliveries);
    return rows.some((row) => row.state === 'delayed');
  });
  const second = await said(story, 'anna', BETTER);
  await story.line('On its way');
  await story.quiet();
  return second;
}

test.each(['huom: asiakas Liisa on aivan toivoton', 'kysy @ben tästä', '@Tiketti note odota vielä'])(
  'a reply that is still queued is not mailed once it is edited into "%s"',
  async (text) => {
    story = await beginStory(NO_HOLD);
    const second = await queuedReply();
    await edited(story, 'anna', second.ts, text);
    await story.line('Kept internal');
    await story.pass(61);
    await story.pass(60);
    await eventually(async () => story.answers().length === 1);
    expect(story.answers().join()).not.toMatch(/toivoton|kysy|odota|virtajohto/);
    expect((await holds(story)).map((hold) => hold.state)).toEqual(['released', 'noted']);
  },
);

test('a queued reply edited into doubtful words is held again with the reason', async () => {
  story = await beginStory(NO_HOLD);
  const second = await queuedReply();
  await edited(story, 'anna', second.ts, 'Hei Liisa! Tulostimen salasana on Kissa123!, kokeilkaa sitä.');
  await story.line('seems to contain a password');
  await story.pass(120);
  await eventually(async () => story.answers().length === 1);
  expect(await holds(story)).toMatchObject([{ state: 'released' }, { state: 'waiting', reasons: ['secret'] }]);
});

test('a queued reply edited into another answer is that answer', async () => {
  story = await beginStory(NO_HOLD);
  const second = await queuedReply();
  await edited(story, 'anna', second.ts, 'Hei Liisa! Vaihdoimme tulostimen kasetin, kokeilkaa nyt uudelleen.');
  await story.pass(61);
  await eventually(async () => story.answers().length === 2);
  expect(story.answers()[1]).toContain('kasetin');
  expect(story.answers().join()).not.toContain('virtajohto');
});

test('a held reply edited into a command is never sent, and the command is done', async () => {
  story = await beginStory();
  const message = await said(story, 'anna', GOOD);
  await story.line('Sends to');
  await edited(story, 'anna', message.ts, '@Tiketti note odota vielä');
  await story.line('Kept internal');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
  const comments = await story.desk.db.select().from(story.desk.db.tables.comments);
  expect(comments.filter((comment) => comment.visibility === 'internal').map((comment) => JSON.stringify(comment.document))).toEqual([
    expect.stringContaining('odota vielä'),
  ]);
});

test('a note mark taken back and put on again keeps one note, whatever was held between', async () => {
  story = await beginStory();
  const message = await said(story, 'anna', GOOD);
  await story.line('Sends to');
  await edited(story, 'anna', message.ts, 'huom: älä lähetä');
  await edited(story, 'anna', message.ts, `asiakkaalle: ${GOOD}`);
  await story.line('Sends to');
  await edited(story, 'anna', message.ts, 'huom: älä sittenkään lähetä');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
  const comments = await story.desk.db.select().from(story.desk.db.tables.comments);
  expect(comments.filter((comment) => comment.visibility === 'internal')).toHaveLength(1);
});

test('a public mark put on a note by an edit holds it as a reply', async () => {
  story = await beginStory();
  const message = await said(story, 'anna', 'huom: Hei Liisa! Käynnistäkää tulostin uudelleen, kiitos.');
  await edited(story, 'anna', message.ts, `asiakkaalle: ${GOOD}`);
  await story.line('Sends to');
  await story.pass(16);
  await eventually(async () => story.answers().length === 1);
  expect(story.answers()[0]).toContain('niin se alkaa taas toimia');
});

test('whoever takes a note mark away, or edits what was cancelled, is told that nothing is sent', async () => {
  story = await beginStory();
  const told = () => story.playground.ephemerals('anna').map((one) => one.text);
  const note = await said(story, 'anna', 'huom: Hei Liisa! Käynnistäkää tulostin uudelleen, kiitos.');
  await edited(story, 'anna', note.ts, GOOD);
  await story.playground.until(() => told().some((text) => text.includes('pysyy sisäisenä')));
  const message = await said(story, 'anna', BETTER);
  await story.click('anna', (await story.line('Sends to')).ts, 'line.cancel');
  await story.line('Cancelled');
  await edited(story, 'anna', message.ts, GOOD);
  await story.playground.until(() => told().some((text) => text.includes('pysäytettiin')));
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});

test('a file taken off during the hold is not mailed', async () => {
  story = await beginStory();
  const { playground } = story;
  const text = 'Hei Liisa! Käynnistäkää tulostin uudelleen, niin se alkaa taas toimia.';
  const message = playground.post({
    as: 'anna',
    channel: 'support',
    threadTs: story.card.ts,
    text,
    files: [{ name: 'vaara-asiakas.txt', text: 'salaista' }],
  });
  await story.line('Sends to');
  playground.removeFile({ as: 'anna', channel: 'support', ts: message.ts, name: 'vaara-asiakas.txt' });
  await taken(story, 'edit', message.ts);
  await story.pass(16);
  const mail = await story.sink.mail((one) => (one.mail.text ?? '').includes('uudelleen'));
  expect(mail.mail.attachments).toEqual([]);
});

test('an edited reply still waits for the click that settles two answers', async () => {
  story = await beginStory({ environment: { TIKETTI_HOLD_SECONDS: '60' } });
  await story.playground.command({ as: 'anna', channel: 'support', command: '/ticket', text: 'agent add @ben' });
  await said(story, 'anna', GOOD);
  await story.line('Sends to');
  const second = await said(story, 'ben', BETTER);
  await story.line('Held');
  await edited(story, 'ben', second.ts, `${BETTER} Kiitos!`);
  await story.pass(61);
  await story.pass(120);
  expect(story.answers()).toHaveLength(1);
  expect((await holds(story))[1]).toEqual({ state: 'waiting', reasons: ['conflict'] });
});

test('a deletion after an edit still cancels', async () => {
  story = await beginStory();
  const message = await said(story, 'anna', GOOD);
  await story.line('Sends to');
  await edited(story, 'anna', message.ts, BETTER);
  await deleted(story, 'anna', message.ts);
  await story.line('Cancelled');
  await story.pass(60);
  expect(story.answers()).toEqual([]);
});

test('an edit never sends what the customer interrupted, however late it comes', async () => {
  story = await beginStory();
  const message = await said(story, 'anna', GOOD);
  await story.line('Sends to');
  const [confirmation] = story.sink.mails;
  await sendMail(story.mailPort ?? 0, {
    from: `Liisa Virtanen <${LIISA}>`,
    to: OUR_ADDRESS,
    subject: 'Re: Tulostin ei toimi [TK-1]',
    inReplyTo: confirmation?.mail.messageId ?? '',
    text: 'Se alkoikin toimia, mutta skanneri ei!',
  });
  await story.line('Held');
  await story.pass(300);
  await edited(story, 'anna', message.ts, BETTER);
  await story.pass(300);
  expect(story.answers()).toEqual([]);
  expect(await holds(story)).toEqual([{ state: 'paused', reasons: ['hold.customer_wrote'] }]);
});

test('doubtful words mended after minutes can still be stopped: the hold begins anew', async () => {
  story = await beginStory();
  const message = await said(story, 'anna', 'Hei Liisa! Tulostimen salasana on Kissa123!, kokeilkaa sitä.');
  await story.line('Held');
  await story.pass(600);
  await edited(story, 'anna', message.ts, BETTER);
  await story.line('Sends to');
  await story.pass(14);
  expect(story.answers()).toEqual([]);
  await story.pass(2);
  await eventually(async () => story.answers().length === 1);
});

test('a file taken off a queued reply is not mailed with it', async () => {
  story = await beginStory(NO_HOLD);
  const { playground } = story;
  story.sink.refuse(451, '4.3.0 later', 1);
  await said(story, 'anna', BETTER);
  const message = playground.post({
    as: 'anna',
    channel: 'support',
    threadTs: story.card.ts,
    text: GOOD,
    files: [{ name: 'vaara-asiakas.txt', text: 'salaista' }],
  });
  await taken(story, 'message', message.ts);
  await story.line('On its way');
  playground.removeFile({ as: 'anna', channel: 'support', ts: message.ts, name: 'vaara-asiakas.txt' });
  await taken(story, 'edit', message.ts);
  await story.pass(61);
  await story.pass(1);
  const mail = await story.sink.mail((one) => (one.mail.text ?? '').includes('uudelleen'));
  expect(mail.mail.attachments).toEqual([]);
});

test('a public mark put on a note in the thread of a moved ticket changes nothing', async () => {
  story = await beginStory();
  const message = await said(story, 'anna', 'huom: Hei Liisa! Käynnistäkää tulostin uudelleen, kiitos.');
  const { slackThreads } = story.desk.db.tables;
  await story.desk.db.transaction('moved', (tx) => tx.update(slackThreads).set({ kind: 'alias' }));
  await edited(story, 'anna', message.ts, `asiakkaalle: ${GOOD}`);
  await story.pass(60);
  expect(await holds(story)).toEqual([]);
});
