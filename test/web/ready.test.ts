import { expect, test } from 'vitest';
import { createReadiness } from '#web/ready.ts';
import { recordLog } from '../support/databases.ts';

const fine = { name: 'fine', ask: async () => null };

test('a check that never answers is not waited for', async () => {
  const stuck = { name: 'stuck', ask: () => new Promise<null>(() => {}) };
  const readiness = createReadiness(recordLog(), [fine, stuck], 20);
  readiness.begin();
  expect(await readiness.look()).toMatchObject({
    ready: false,
    checks: { fine: { ok: true }, stuck: { ok: false, why: 'No answer within 20 ms.' } },
  });
});

test('what a check failed of stands in the log; whoever asks hears a code at most', async () => {
  const log = recordLog();
  const error = Object.assign(new Error('no pg_hba.conf entry for host "10.0.0.7", user "tiketti"'), { code: '28000' });
  const readiness = createReadiness(log, [{ name: 'database', ask: () => Promise.reject(error) }]);
  readiness.begin();
  expect(await readiness.look()).toMatchObject({ ready: false, checks: { database: { why: 'It could not be checked (28000).' } } });
  expect(log.lines.map(({ message, fields }) => [message, fields['error'] ?? fields['troubles']])).toEqual([
    ['A check of readiness failed.', error],
    ['Not ready.', ['database: It could not be checked (28000).']],
  ]);
});

test('who asks often gets one answer; before the house is open and once it closes the answer is no', async () => {
  let asked = 0;
  const counted = { name: 'counted', ask: async () => ((asked += 1), null) };
  const readiness = createReadiness(recordLog(), [counted]);
  expect(await readiness.look()).toMatchObject({ ready: false, checks: { server: { why: 'The server is starting.' } } });
  readiness.begin();
  const answers = await Promise.all([readiness.look(), readiness.look(), readiness.look()]);
  expect(answers.map(({ ready }) => ready)).toEqual([true, true, true]);
  expect(asked).toBe(1);
  readiness.end();
  expect(await readiness.look()).toMatchObject({ ready: false, checks: { server: { why: 'The server is stopping.' } } });
});
