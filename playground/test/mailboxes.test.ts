import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import { type Mailboxes, startMailboxes } from '../mailboxes/mailboxes.ts';

async function open(folder = mkdtempSync(join(tmpdir(), 'mailboxes-')), deskPort = 1): Promise<{ mailboxes: Mailboxes; folder: string }> {
  const mailboxes = await startMailboxes({ folder, deskPort: () => deskPort });
  onTestFinished(() => mailboxes.stop());
  mailboxes.addBox({ name: 'Liisa Virtanen', address: 'liisa@example.com', locale: 'fi-FI' });
  return { mailboxes, folder };
}

async function deliver({ smtpUrl }: Mailboxes, mail: object): Promise<void> {
  const transport = createTransport(smtpUrl);
  try {
    await transport.sendMail({
      from: 'Desk <desk@example.org>',
      to: 'liisa@example.com',
      subject: 'Your ticket',
      text: 'We are on it.',
      messageId: '<first@example.org>',
      ...mail,
    });
  } finally {
    transport.close();
  }
}

/** The desk's side of the wire: keeps what it is handed. */
async function openDesk(): Promise<{ port: number; taken: { to: string[]; raw: string }[] }> {
  const taken: { to: string[]; raw: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onRcptTo: ({ address }, _session, done) =>
      done(address.endsWith('@example.org') ? null : Object.assign(new Error('5.1.1 No such address here'), { responseCode: 550 })),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks).toString('utf8') });
        done();
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, taken };
}

test('what arrived is there after a restart, byte for byte', async () => {
  const { mailboxes, folder } = await open();
  await deliver(mailboxes, { text: 'Päivää' });
  const [mail] = mailboxes.mails('liisa@example.com');
  const source = mailboxes.source(mail?.id ?? '');
  const again = await open(folder);
  expect(again.mailboxes.mails('liisa@example.com')).toEqual([mail]);
  expect(again.mailboxes.source(mail?.id ?? '')).toBe(source);
  expect((await again.mailboxes.letter(mail?.id ?? '')).text.trim()).toBe('Päivää');
});

test('each recipient has the mail in a mailbox of their own', async () => {
  const { mailboxes } = await open();
  await deliver(mailboxes, { to: 'liisa@example.com', cc: 'New Person <new@example.com>' });
  expect(mailboxes.mails('liisa@example.com')).toHaveLength(1);
  expect(mailboxes.boxes().find((box) => box.address === 'new@example.com')).toMatchObject({ unread: 1 });
});

test('an answer carries the threading headers, the quote and its file', async () => {
  const out = await openDesk();
  const { mailboxes } = await open(undefined, out.port);
  await deliver(mailboxes, { references: '<root@example.org>' });
  const [mail] = mailboxes.mails('liisa@example.com');
  const files = [{ name: 'kuva.txt', base64: Buffer.from('kuva').toString('base64') }];
  await mailboxes.send({
    box: 'liisa@example.com',
    to: 'desk@example.org',
    subject: 'Re: Your ticket',
    text: 'Kiitos',
    answers: mail?.id ?? '',
    files,
  });
  const raw = out.taken[0]?.raw.replaceAll(/\r\n[ \t]+/g, ' ') ?? '';
  expect(out.taken[0]?.to).toEqual(['desk@example.org']);
  expect(raw).toContain('In-Reply-To: <first@example.org>');
  expect(raw).toContain('References: <root@example.org> <first@example.org>');
  expect(raw).toMatch(/Kiitos\s+Desk kirjoitti .+:\s+> We are on it\./);
  expect(raw).toContain('filename=kuva.txt');
});

test('a refused mail is kept with the reason', async () => {
  const out = await openDesk();
  const { mailboxes } = await open(undefined, out.port);
  const sent = await mailboxes.send({ box: 'liisa@example.com', to: 'nobody@elsewhere.example', subject: 'Hello', text: 'Hello' });
  expect(sent.trouble).toContain('5.1.1 No such address here');
  expect(mailboxes.mails('liisa@example.com')[0]).toMatchObject({ direction: 'out', subject: 'Hello' });
});

test.each([
  ['takes no mail', 'refuses', 550],
  ['is full', 'busy', 451],
] as const)('a mailbox that %s says so', async (_words, manner, code) => {
  const { mailboxes } = await open();
  mailboxes.setManner('liisa@example.com', manner);
  await expect(deliver(mailboxes, {})).rejects.toMatchObject({ responseCode: code });
  expect(mailboxes.mails('liisa@example.com')).toEqual([]);
});
