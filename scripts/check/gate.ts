import { setImmediate } from 'node:timers/promises';

/** A gate names what is wrong, one sentence a problem; an empty list opens it. */
export interface Gate {
  readonly name: string;
  readonly findProblems: (root: string) => readonly string[] | Promise<readonly string[]>;
}

export interface Verdict {
  readonly gate: string;
  readonly milliseconds: number;
  readonly problems: readonly string[];
}

export function runGates(gates: readonly Gate[], root: string): Promise<Verdict[]> {
  return Promise.all(gates.map((gate) => runGate(gate, root)));
}

export function verdictText(verdict: Verdict): string {
  const { gate, milliseconds, problems } = verdict;
  const time = `${Math.round(milliseconds)} ms`;
  if (problems.length === 0) return `✔ ${gate.padEnd(10)}${time.padStart(9)}`;
  return [`✘ ${gate.padEnd(10)}${time.padStart(9)}  ${problems.length} problem(s)`, ...problems.map((problem) => `    ${problem}`)].join(
    '\n',
  );
}

async function runGate(gate: Gate, root: string): Promise<Verdict> {
  // A turn of its own, so that a gate's time holds no other gate's thinking.
  await setImmediate();
  const startMs = performance.now();
  const problems = await problemsOf(gate, root);
  return { gate: gate.name, milliseconds: performance.now() - startMs, problems };
}

/** A gate that cannot run is shut, never skipped. */
async function problemsOf(gate: Gate, root: string): Promise<readonly string[]> {
  try {
    return await gate.findProblems(root);
  } catch (error) {
    return [`could not run: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  }
}
