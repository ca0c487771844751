import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, later, systemClock } from '#clock.ts';
import { type Opened, STORES } from './stores.ts';

const LARGE_BYTES = 400_000;
const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, value) => value);

describe.each(Object.keys(STORES))('files in a %s', (kind) => {
  let opened: Opened;
  beforeEach(async () => {
    opened = (await STORES[kind]?.()) as Opened;
  });
  afterEach(() => opened.close());

  test.each([
    ['every byte', EVERY_BYTE],
    ['nothing at all', new Uint8Array()],
    ['a large mail', randomBytes(LARGE_BYTES)],
  ])('come back as they were put: %s', async (_what, bytes) => {
    const sha256 = await opened.files.put(bytes);
    expect(sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(await opened.files.has(sha256)).toBe(true);
    expect(Buffer.from(await opened.files.get(sha256)).equals(bytes)).toBe(true);
  });

  test('are one file for the same bytes, put once more or at the same time', async () => {
    const bytes = randomBytes(LARGE_BYTES);
    const put = await Promise.all(Array.from({ length: 8 }, () => opened.files.put(bytes)));
    expect(new Set(put)).toEqual(new Set([await opened.files.put(bytes)]));
    expect(await opened.names()).toEqual([put[0]]);
    expect(Buffer.from(await opened.files.get(put[0] ?? '')).equals(bytes)).toBe(true);
  });

  test('that were removed are gone, and removing them again does nothing', async () => {
    const sha256 = await opened.files.put(EVERY_BYTE);
    await opened.files.remove(sha256);
    await opened.files.remove(sha256);
    expect(await opened.files.has(sha256)).toBe(false);
    expect(await opened.names()).toEqual([]);
    await expect(opened.files.get(sha256)).rejects.toThrow(sha256);
  });

  test('are listed by the two letters their names begin with', async () => {
    const put = new Set<string>();
    for (let number = 0; number < 40; number += 1) put.add(await opened.files.put(Buffer.from(String(number))));
    const [first = ''] = put;
    const letters = first.slice(0, 2);
    const alike = [...put].filter((sha256) => sha256.startsWith(letters));
    expect((await opened.files.list(letters)).toSorted()).toEqual(alike.toSorted());
    expect(await opened.files.list('zz')).toEqual([]);
  });

  test('have no other names than digests', async () => {
    for (const act of [opened.files.get, opened.files.has, opened.files.remove])
      await expect(act('../../etc/passwd')).rejects.toThrow('Not a SHA-256');
    await expect(opened.files.removeOlder('../secret', systemClock.now())).rejects.toThrow('Not a SHA-256');
  });

  test('leave as old ones, unless they were stored again since', async () => {
    const sha256 = await opened.files.put(EVERY_BYTE);
    const yesterday = later(systemClock.now(), -DAY);
    expect(await opened.files.removeOlder(sha256, later(systemClock.now(), -HOUR))).toBe(false);
    await opened.date(sha256, yesterday);
    expect(await opened.files.removeOlder(sha256, later(yesterday, -HOUR))).toBe(false);
    await opened.files.put(EVERY_BYTE);
    expect(await opened.files.removeOlder(sha256, later(systemClock.now(), -HOUR))).toBe(false);
    expect(await opened.files.has(sha256)).toBe(true);
    await opened.date(sha256, yesterday);
    expect(await opened.files.removeOlder(sha256, later(systemClock.now(), -HOUR))).toBe(true);
    expect(await opened.files.removeOlder(sha256, later(systemClock.now(), -HOUR))).toBe(false);
    expect(await opened.names()).toEqual([]);
  });

  test('that changed where they lay are told, never handed on', async () => {
    const sha256 = await opened.files.put(EVERY_BYTE);
    await opened.damage(sha256);
    await expect(opened.files.get(sha256)).rejects.toThrow(`File ${sha256} is damaged`);
  });

  test('can be stored where a check says so, and the check leaves nothing behind', async () => {
    await expect(opened.files.check()).resolves.toBeUndefined();
    expect(await opened.names()).toEqual([]);
  });
});
