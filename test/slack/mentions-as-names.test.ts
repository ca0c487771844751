import { afterEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { beginStory, type Story } from './story.ts';
import { said } from './thread-events.ts';

let story: Story;
afterEach(async () => {
  await story.stop();
});

test('channels and groups in a marked reply go out by their names', async () => {
  story = await beginStory();
  story.playground.addUserGroup({ handle: 'tuki', name: 'Tukitiimi', users: ['anna'] });
  await said(story, 'anna', 'asiakkaalle: Hei Liisa! Kysyimme asiaa kanavalla #dev ja ryhmältä @tuki, palaamme teille pian.');
  const line = await story.line('Held');
  await story.click('anna', line.ts, 'line.send');
  await eventually(async () => story.answers().length === 1);
  expect(story.answers()[0]).toContain('kanavalla #dev ja ryhmältä Tukitiimi');
});

test('a reply that mentions what Slack does not name is held, and never says an id', async () => {
  story = await beginStory();
  story.playground.addUserGroup({ handle: 'tuki', name: 'Tukitiimi', users: ['anna'] });
  for (const method of ['usergroups.list', 'conversations.info'])
    story.playground.faults.calls({ method, kind: 'error', error: 'missing_scope', times: 20 });
  await said(story, 'anna', 'asiakkaalle: Hei Liisa! Kysyimme asiaa kanavalla #dev ja ryhmältä @tuki, palaamme teille pian.');
  const line = await story.line('Held');
  expect(line.text).toContain('whose name Slack');
  await story.click('anna', line.ts, 'line.send');
  await eventually(async () => story.answers().length === 1);
  const [own] = (story.answers()[0] ?? '').split('\n>');
  expect(own).not.toMatch(/\b[CS]0?[A-Z0-9]{6,}\b/);
});
