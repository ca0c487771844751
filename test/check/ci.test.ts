import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { gateCounts, testCounts } from '../../scripts/check/counts.ts';
import { PROJECT, plant, write } from './planted.ts';

// Each test starts the real tools.
vi.setConfig({ testTimeout: 60_000 });

const PASSED = { fullName: 'closing twice closes once', status: 'passed' };
const FAILED = { fullName: 'a note is never mailed', status: 'failed' };

function fileOf(...assertionResults: { fullName: string; status: string }[]): object {
  const isFailed = assertionResults.some((result) => result.status === 'failed');
  return { name: 'a.test.ts', status: isFailed ? 'failed' : 'passed', message: '', assertionResults };
}

test('tests are counted one by one', () => {
  expect(testCounts({ testResults: [fileOf(PASSED, PASSED), fileOf(PASSED, FAILED)] }, 1)).toMatchObject({ passed: 3, failed: 1 });
});

test.each(['skipped', 'todo', 'pending'])('a %s test counts as failed', (status) => {
  expect(testCounts({ testResults: [fileOf(PASSED, { fullName: 'later', status })] }, 0)).toMatchObject({ passed: 1, failed: 1 });
});

test('a file that could not be loaded counts as failed', () => {
  const broken = { name: 'b.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] };
  expect(testCounts({ testResults: [fileOf(PASSED), broken] }, 1)).toMatchObject({ passed: 1, failed: 1 });
});

test('an exit code nobody explains counts as failed, and so does nothing at all', () => {
  expect(testCounts({ testResults: [fileOf(PASSED)] }, 1)).toMatchObject({ passed: 1, failed: 1 });
  expect(testCounts({ testResults: [] }, 0)).toMatchObject({ passed: 0, failed: 1 });
  expect(gateCounts([], 0)).toMatchObject({ passed: 0, failed: 1 });
});

test('each gate counts as one test', () => {
  const gates = [
    { gate: 'types', problems: [] },
    { gate: 'floors', problems: ['a', 'b'] },
  ];
  expect(gateCounts(gates, 1)).toMatchObject({ passed: 1, failed: 1 });
});

const MAIL_SERVERS = ['dovecot-imapd', 'dovecot-lmtpd', 'postfix'];
const WIDE = { 'vitest.wide.config.ts': '' };

/** The tools of a Debian with these packages, and of a registry with those. */
function debian({ installed, available }: { installed: string[]; available: string[] }): Record<string, string> {
  return {
    'dpkg-query': `for package in ${installed.join(' ')} $(cat "$0.more" 2>/dev/null); do
        if [[ $package == "\${!#}" ]]; then printf installed; fi
      done`,
    'debconf-set-selections': 'cat >/dev/null',
    'apt-get': `[[ $1 == install ]] || exit 0
      for package in ${available.join(' ')}; do
        if [[ " $* " == *" $package "* ]]; then printf '%s ' "$package" >>"$(dirname "$0")/dpkg-query.more"; fi
      done`,
  };
}

/** A checkout whose npm answers as a test wants it: each script writes its report and leaves with its code. */
function run(
  npm: { install: number; tests: object | null; gates: object | null },
  files: Record<string, string> = {},
  system = debian({ installed: MAIL_SERVERS, available: [] }),
) {
  const root = plant({
    'reports/tests.json': JSON.stringify(npm.tests),
    'reports/gates.json': JSON.stringify(npm.gates),
    ...files,
  });
  const answer = `#!/bin/bash
    for argument in "$@"; do
      case $argument in --outputFile.json=*) target=\${argument#*=};; */check.json) target=$argument;; esac
    done
    case $1 in
      ci) exit ${npm.install};;
      run) ${npm.gates ? `cp ${root}/reports/gates.json "$target"` : 'exit 3'};;
      *) ${npm.tests ? `cp ${root}/reports/tests.json "$target"` : 'exit 3'};;
    esac`;
  for (const [name, script] of Object.entries({ npm: answer, npx: answer, ...system })) {
    write(root, `bin/${name}`, script.startsWith('#!') ? script : `#!/bin/bash\n${script}`);
    chmodSync(join(root, 'bin', name), 0o755);
  }
  cpSync(join(PROJECT, '.ci'), join(root, '.ci'), { recursive: true });
  cpSync(join(PROJECT, 'scripts/check'), join(root, 'scripts/check'), { recursive: true });
  const result = spawnSync(join(root, '.ci/run'), { encoding: 'utf8', env: { PATH: `${join(root, 'bin')}:/usr/bin:/bin` } });
  const lines = result.stdout.trimEnd().split('\n');
  return { exitCode: result.status, lastLine: lines.at(-1), lines };
}

function verify(...checkout: Parameters<typeof run>) {
  const { exitCode, lastLine } = run(...checkout);
  return { exitCode, lastLine };
}

const TWO_PASSED = { testResults: [fileOf(PASSED, PASSED)] };
const ONE_FAILED = { testResults: [fileOf(PASSED, FAILED)] };
const GATES = [{ gate: 'types', problems: [] }];

test('a verified checkout ends with the sum over tests and gates', () => {
  expect(verify({ install: 0, tests: TWO_PASSED, gates: GATES })).toEqual({ exitCode: 0, lastLine: '3 passed, 0 failed' });
});

test('the wider suite is part of the sum where there is one', () => {
  expect(verify({ install: 0, tests: TWO_PASSED, gates: GATES }, WIDE)).toEqual({ exitCode: 0, lastLine: '5 passed, 0 failed' });
});

test('mail servers the wider suite needs are installed where they are missing', () => {
  const system = debian({ installed: ['postfix'], available: ['dovecot-imapd', 'dovecot-lmtpd'] });
  expect(verify({ install: 0, tests: TWO_PASSED, gates: GATES }, WIDE, system)).toEqual({ exitCode: 0, lastLine: '5 passed, 0 failed' });
});

test('a mail server that cannot be installed fails the verification, and skips nothing', () => {
  const system = debian({ installed: ['postfix'], available: ['dovecot-imapd'] });
  expect(verify({ install: 0, tests: TWO_PASSED, gates: GATES }, WIDE, system)).toEqual({ exitCode: 1, lastLine: '5 passed, 1 failed' });
});

test('one failed test fails the verification', () => {
  expect(verify({ install: 0, tests: ONE_FAILED, gates: GATES })).toEqual({ exitCode: 1, lastLine: '2 passed, 1 failed' });
});

test('what failed is named again before the sum', () => {
  const { lines } = run({ install: 1, tests: ONE_FAILED, gates: [{ gate: 'types', problems: ['src/a.ts: not a number'] }] });
  expect(lines.slice(-5)).toEqual([
    '== install left with exit code 1',
    '== failed: a.test.ts a note is never mailed',
    '== failed: types src/a.ts: not a number',
    '',
    '1 passed, 3 failed',
  ]);
});

test('a failed installation or a stage without a report fails, and the rest still runs', () => {
  expect(verify({ install: 1, tests: null, gates: GATES })).toEqual({ exitCode: 1, lastLine: '1 passed, 2 failed' });
  expect(verify({ install: 0, tests: TWO_PASSED, gates: null })).toEqual({ exitCode: 1, lastLine: '2 passed, 1 failed' });
});
