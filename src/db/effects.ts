import type { Log } from '#log.ts';
import type { Scope } from './scope.ts';

/** What waited for the commit. One effect's failure is its own: the rows are in, and the others must run. */
export function runEffects(scope: Scope, log: Log): void {
  const tell = (error: unknown) => log.error({ transaction: scope.label, error }, 'an effect after a commit failed');
  for (const effect of scope.effects) {
    try {
      const outcome: unknown = effect();
      if (outcome instanceof Promise) outcome.catch(tell);
    } catch (error) {
      tell(error);
    }
  }
}
