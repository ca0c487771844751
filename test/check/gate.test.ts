import { expect, test } from 'vitest';
import { problemsFrom, runCommand } from '../../scripts/check/command.ts';
import { verdictText, runGates } from '../../scripts/check/gate.ts';
import { PROJECT } from './planted.ts';

test('every gate runs and shows all its problems, and one that cannot run is shut', async () => {
  const verdicts = await runGates(
    [
      { name: 'open', findProblems: () => [] },
      { name: 'shut', findProblems: () => ['first', 'second'] },
      { name: 'broken', findProblems: () => Promise.reject(new Error('no such tool')) },
    ],
    PROJECT,
  );
  expect(verdicts.map(verdictText)).toEqual([
    expect.stringMatching(/^✔ open +\d+ ms$/),
    expect.stringMatching(/^✘ shut +\d+ ms {2}2 problem\(s\)\n {4}first\n {4}second$/),
    expect.stringMatching(/^✘ broken +\d+ ms {2}1 problem\(s\)\n {4}could not run: Error: no such tool/),
  ]);
});

test('a tool that fails in silence has failed', async () => {
  expect(problemsFrom('node', await runCommand(PROJECT, 'node', ['-e', 'process.exit(7)']))).toEqual(['node left with exit code 7']);
});

test('a tool that cannot be started shuts the gate', async () => {
  await expect(runCommand(PROJECT, 'no-such-tool', [])).rejects.toThrow('ENOENT');
});

test('tools run on the Node of the project', async () => {
  const { output } = await runCommand(PROJECT, 'node', ['-p', 'process.versions.node']);
  expect(output.trim()).toBe(process.versions.node);
});
