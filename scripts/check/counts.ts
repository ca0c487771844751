import { readFileSync } from 'node:fs';
import { z } from 'zod';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** What failed, and why something other than a plain failure counts as one. */
  readonly remarks: readonly string[];
}

const vitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});
const gateReport = z.array(z.object({ gate: z.string(), problems: z.array(z.string()) }));

/** A skipped test proves nothing, so it counts as failed; so does a file that could not be loaded. */
export function testCounts(report: unknown, exitCode: number): Counts {
  const files = vitestReport.parse(report).testResults;
  const tests = files.flatMap((file) => file.assertionResults.map((test) => ({ ...test, file: file.name })));
  const broken = files.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'));
  const idle = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const failedTests = tests.filter((test) => test.status === 'failed');
  const others = [
    ...broken.map((file) => `failed as a whole: ${file.name} ${file.message}`),
    ...idle.map((test) => `${test.status}, so not proven: ${test.file} ${test.fullName}`),
  ];
  const remarks = [...failedTests.map((test) => `failed: ${test.file} ${test.fullName}`), ...others];
  return withExitCode({ passed: tests.length - idle.length - failedTests.length, failed: remarks.length, remarks }, exitCode);
}

/** Each gate counts as one test. */
export function gateCounts(report: unknown, exitCode: number): Counts {
  const gates = gateReport.parse(report);
  const failed = gates.filter((gate) => gate.problems.length > 0);
  const remarks = failed.map(({ gate, problems }) => `failed: ${gate} ${problems[0] ?? ''}`);
  return withExitCode({ passed: gates.length - failed.length, failed: failed.length, remarks }, exitCode);
}

function withExitCode(counts: Counts, exitCode: number): Counts {
  const isSilentFailure = counts.failed === 0 && (exitCode !== 0 || counts.passed === 0);
  if (!isSilentFailure) return counts;
  const remark = exitCode === 0 ? 'nothing ran' : `exit code ${exitCode} though no test failed`;
  return { ...counts, failed: 1, remarks: [...counts.remarks, remark] };
}

if (import.meta.main) {
  const [kind, file = '', exitCode] = process.argv.slice(2);
  const report: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const { passed, failed, remarks } = (kind === 'gates' ? gateCounts : testCounts)(report, Number(exitCode));
  for (const remark of remarks) console.error(`== ${remark}`);
  console.log(`${passed} ${failed}`);
}
