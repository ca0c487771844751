import { describe } from 'vitest';
import { testTroubles } from './cases.ts';
import { death, DEATHS, LAST_MOMENTS } from './steps.ts';

/** Steps that are passed several times in one matter: each time something else is half done. */
const LATER_PASSES = [
  ...[2, 3].map((times) => death('mail', 'event written', times)),
  ...[2, 3, 4, 5, 6].map((times) => death('reply', 'event written', times)),
  death('mail', 'before post', 2),
  death('mail', 'posted', 2),
  death('reply', 'event done', 2),
  death('reply', 'line posted', 2),
];

describe.each(['sqlite', 'postgres'] as const)(
  'killed once at a step and started again, the server on %s loses nothing and doubles nothing',
  (dialect) => {
    testTroubles(dialect, [...DEATHS, ...LAST_MOMENTS, ...LATER_PASSES]);
  },
);
