import { expect, test } from 'vitest';
import { Recent } from '#slack/recent.ts';

test('a memory of people keeps those who were asked for lately', () => {
  const recent = new Recent<number>(2);
  recent.set('anna', 1);
  recent.set('ben', 2);
  recent.get('anna');
  recent.set('mikko', 3);
  expect([recent.get('anna'), recent.get('ben'), recent.get('mikko'), recent.size]).toEqual([1, undefined, 3, 2]);
});
