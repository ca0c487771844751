import { expect, test } from 'vitest';
import { mentionedUser } from '#commands/ticket-argument.ts';

test.each([
  ['<@U0BEN>', 'U0BEN'],
  ['<@W0BEN|ben>', 'W0BEN'],
  ['till <@U0BEN|ben>', 'U0BEN'],
  ['bort <@U0BEN> tack', 'U0BEN'],
  ['<@U0BEN> <@U0BEN|ben>', 'U0BEN'],
])('%j means one person, whatever words are around', (text, userId) => {
  expect(mentionedUser(text)).toBe(userId);
});

test.each(['', 'ben', '@ben', '<#C0SUPPORT>', '<!subteam^S0BILLING>', '<@U0BEN> <@U0ANNA>'])('%j does not say who is meant', (text) => {
  expect(mentionedUser(text)).toBeNull();
});
