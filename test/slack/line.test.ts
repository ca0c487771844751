import { expect, test } from 'vitest';
import { translator } from '#i18n.ts';
import { type LineFacts, renderLine } from '#slack/line.ts';

test('deleted while on its way is neither cancelled nor arrived', () => {
  const facts: LineFacts = {
    holdId: 1,
    state: 'released',
    recipient: 'Liisa',
    copies: 0,
    releaseAt: null,
    reasons: [],
    words: null,
    delivery: { id: 1, state: 'delayed', mayHaveArrivedTwice: false, parts: [] },
    goesOnIn: null,
    after: 'deleted',
    isCorrectable: false,
    isSendable: true,
    rival: null,
  };
  expect(renderLine(facts, translator('en')).text).toContain('already on its way to Liisa');
});
