import { expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { floorProblems } from '../scripts/check/floors.ts';
import { projectPaths, readTexts } from '../scripts/check/tree.ts';
import { PROJECT } from './check/planted.ts';

test('imports go down only, siblings keep apart, and every package stays behind its fence', () => {
  const paths = projectPaths(PROJECT).filter((path) => /^src\/.*\.[jt]s$/.test(path));
  const files = readTexts(PROJECT, paths);
  expect(files.length).toBeGreaterThan(0);
  expect(floorProblems(files, Object.keys(packageJson.dependencies))).toEqual([]);
});
