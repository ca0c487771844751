import { readWhatFits } from '#config.ts';
import type { Check, Facts, Finding } from './doctor/check.ts';
import { CHECKS } from './doctor/checks.ts';
import { EXIT } from './exit.ts';
import type { Terminal } from './output.ts';
import { tableOf } from './table.ts';

/** A check that hangs must not keep the others from being told. */
const LIMIT_MS = 20_000;
const MARK: Record<Finding['state'], string> = { ok: 'ok', warning: 'WARNING', wrong: 'WRONG', skipped: '-' };

type Environment = Record<string, string | undefined>;

/** Looks at everything, whatever is wrong with the rest. Exit 1 when anything is. */
export async function doctor(environment: Environment, { out, tell }: Terminal, checks = CHECKS): Promise<number> {
  const facts: Facts = { environment, settings: readWhatFits(environment) };
  let done = 0;
  const found = await Promise.all(
    checks.map(async (check) => {
      const finding = await look(check, facts);
      done += 1;
      tell(`${done} of ${checks.length} checks`);
      return { name: check.name, ...finding };
    }),
  );
  tell.end();
  const isWrong = found.some(({ state }) => state === 'wrong');
  if (out.isJson) out(JSON.stringify({ ok: !isWrong, checks: found }));
  else for (const line of linesOf(found)) out(line);
  return isWrong ? EXIT.failed : EXIT.ok;
}

async function look(check: Check, facts: Facts): Promise<Finding> {
  const limit = check.limitMs ?? LIMIT_MS;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(
      () => resolve({ state: 'wrong', words: `no answer in ${limit / 1000} s`, todo: 'Find out what hangs, then try again.' }),
      limit,
    );
  });
  try {
    return await Promise.race([check.run(facts), late]);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { state: 'wrong', words, todo: 'This check itself failed: please report it with this line.' };
  } finally {
    clearTimeout(timer);
  }
}

function linesOf(found: ({ name: string } & Finding)[]): string[] {
  const table = tableOf(found.map(({ name, state, words }) => [MARK[state], name, words]));
  return found.flatMap((finding, row) => [table[row] ?? '', ...('todo' in finding ? [`         → ${finding.todo}`] : [])]);
}
