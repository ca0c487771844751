import { eq } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { createSeal } from '#seal.ts';
import { change } from '#tickets/desk.ts';
import { sealedFor } from '#tickets/mailboxes.ts';
import { resealAll, SEALED } from '#tickets/sealed.ts';
import { describeDatabases } from '../support/databases.ts';
import { testDesk } from '../support/desk.ts';

describeDatabases('what is sealed', (subject) => {
  test('logins are sealed anew after a rotation; what no known secret opens is named and left alone', async () => {
    const desk = await testDesk(subject.db);
    const [old, fresh, lost] = ['o', 'n', 'l'].map((letter) => letter.repeat(64)) as [string, string, string];
    const now = desk.clock.now();
    const [row] = await change(desk, 'mailbox', (tx) =>
      tx
        .insert(tx.tables.mailboxes)
        .values({ name: 'Support', trustedAuthservIds: [], createdAt: now, updatedAt: now })
        .returning({ id: tx.tables.mailboxes.id }),
    );
    const id = row?.id ?? 0;
    const [secret, smtpSecret, dkimKey] = SEALED.map(({ column }) => sealedFor(column, id));
    const { mailboxes } = desk.db.tables;
    await change(desk, 'login', (tx) =>
      tx
        .update(mailboxes)
        .set({ secret: createSeal([old]).close(secret ?? '', 'word'), dkimKey: createSeal([lost]).close(dkimKey ?? '', 'key') })
        .where(eq(mailboxes.id, id)),
    );
    const rotated = { ...desk, seal: createSeal([fresh, old]) };
    expect(await resealAll(rotated)).toEqual({ resealed: 1, unreadable: [dkimKey] });
    expect(await resealAll(rotated)).toMatchObject({ resealed: 0 });
    const [after] = await desk.db.select().from(mailboxes);
    expect(createSeal([fresh]).open(secret ?? '', after?.secret ?? '')).toBe('word');
    expect(smtpSecret).toBe(`mailboxes.smtpSecret:${id}`);
  });

  test('whatever a column is called that keeps a secret, it is in the list of what is sealed', () => {
    const named = Object.entries(subject.db.tables).flatMap(([table, columns]) =>
      Object.keys(columns)
        .filter((column) => /(secret|password|token|dkimKey|privateKey)$/i.test(column))
        .map((column) => `${table}.${column}`),
    );
    expect(named).toEqual(SEALED.map(({ table, column }) => `${table}.${column}`));
  });
});
