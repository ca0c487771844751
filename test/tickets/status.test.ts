import { describe, expect, test } from 'vitest';
import { STATUSES } from '#db/words.ts';
import { type Happening, nextStatus } from '#tickets/status.ts';

/** Product §2's table as people read it: a dot changes nothing, ✗ is refused, ↪ opens a follow-up. */
const TABLE = `
happens            | new     | open    | pending | on_hold | solved | closed
assigned           | open    | .       | .       | .       | .      | ✗
note               | .       | .       | .       | .       | .      | .
requester comment  | .       | .       | open    | open    | open   | ↪
requester thanks   | .       | .       | open    | open    | .      | ↪
agent reply        | pending | pending | .       | .       | .      | ↪
automatic mail     | .       | .       | .       | .       | .      | .
solve              | solved  | solved  | solved  | solved  | .      | ✗
reopen             | .       | .       | open    | open    | open   | ✗
pend               | pending | pending | .       | pending | pending | ✗
wait               | on_hold | on_hold | on_hold | .       | on_hold | ✗
close              | ✗       | ✗       | ✗       | ✗       | closed | .
`;

const [, ...lines] = TABLE.trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()));
const cases = lines.flatMap(([happening, ...cells]) =>
  STATUSES.map((status, index) => [happening ?? '', status, cells[index] ?? ''] as const),
);

describe('the status table', () => {
  test.each(cases)('%s on a %s ticket: %s', (happening, status, cell) => {
    const expected = cell === '.' ? 'same' : cell === '✗' ? 'refused' : cell === '↪' ? 'follow up' : cell;
    expect(nextStatus(status, happening as Happening)).toBe(expected);
  });

  test('a ticket is never new again once it left new', () => {
    const happenings = [...new Set(cases.map(([happening]) => happening))] as Happening[];
    const back = STATUSES.filter((status) => status !== 'new').flatMap((status) =>
      happenings.filter((one) => nextStatus(status, one) === 'new'),
    );
    expect(back).toEqual([]);
  });
});
