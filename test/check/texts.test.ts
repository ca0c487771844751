import { expect, test } from 'vitest';
import { sizeProblems } from '../../scripts/check/sizes.ts';
import { projectPaths, readTexts } from '../../scripts/check/tree.ts';
import { wordingProblems } from '../../scripts/check/wording.ts';
import { plant, sources } from './planted.ts';

function lines(count: number): string {
  return 'x;\n'.repeat(count);
}

test.each([
  ['src/slack/card.ts', 250],
  ['playground/page/draw.js', 250],
  ['scripts/check.ts', 250],
  ['test/mail/sort.test.ts', 400],
  ['playground/test/world.test.ts', 400],
])('%s holds at most %i lines', (path, most) => {
  expect(sizeProblems(sources({ [path]: lines(most) }))).toEqual([]);
  expect(sizeProblems(sources({ [path]: lines(most + 1) }))).toEqual([`${path} has ${most + 1} lines; at most ${most} fit one thought`]);
});

test('the schema and the locales may be long', () => {
  expect(sizeProblems(sources({ 'src/db/schema.ts': lines(900), 'locales/en/card.json': lines(900) }))).toEqual([]);
});

/** Put together here, because this file is held to the same rule. */
const word = (...parts: string[]) => parts.join('');

test.each([
  ['docs/start.md', word('Look in /wo', 'rk/main.')],
  ['README.md', word('cp x /ho', 'me/alice/x')],
  ['package-lock.json', word('"resolved": "https://reg', 'istry.example.org/x.tgz"')],
  ['.npmrc', word('reg', 'istry=http://local', 'host:4873/')],
  ['src/a.ts', word('// TO', 'DO later')],
  ['src/a.ts', word('// FIX', 'ME: later')],
  ['src/a.ts', word('// XX', 'X later')],
])('%s may not say such a thing', (path, text) => {
  expect(wordingProblems(sources({ [path]: `first\n${text}\n` }))).toEqual([expect.stringContaining(`${path}:2 `)]);
});

test("addresses that only look like machine paths, and words in other people's mail, are left alone", () => {
  const files = {
    'README.md': 'https://example.com/work/x ./work/x /var/lib/tiketti',
    'test/fixtures/mail/list.eml': word('TO', 'DO list'),
  };
  expect(wordingProblems(sources(files))).toEqual([]);
});

test('without git the project is every text file but the packages', () => {
  const root = plant({
    'src/a.ts': 'a',
    '.ci/run': 'b',
    '.npmrc': 'c',
    'node_modules2/x.ts': 'd',
    'data/tiketti.db': 'e',
    'logo.png': 'f\0',
  });
  const paths = projectPaths(root);
  expect(paths).toEqual(['.ci/run', '.npmrc', 'logo.png', 'node_modules2/x.ts', 'src/a.ts']);
  expect(readTexts(root, paths).map(({ path }) => path)).not.toContain('logo.png');
});
