import { existing, problemsFrom, runCommand } from './command.ts';

const LINTED_FOLDERS = ['src', 'test', 'playground', 'bench', 'scripts', 'bin'];

export async function typeProblems(root: string): Promise<string[]> {
  return problemsFrom('tsc', await runCommand(root, 'tsc', ['--noEmit', '--pretty', 'false', '-p', '.']));
}

export async function lintProblems(root: string): Promise<string[]> {
  const args = ['--type-aware', '--deny-warnings', '--format=unix', ...existing(root, LINTED_FOLDERS)];
  return problemsFrom('oxlint', await runCommand(root, 'oxlint', args));
}

export async function formatProblems(root: string): Promise<string[]> {
  const problems = problemsFrom('oxfmt', await runCommand(root, 'oxfmt', ['--check']));
  return problems.filter((line) => !/^(?:Checking formatting|Format issues found|Finished in)/.test(line));
}
