import { AsyncLocalStorage } from 'node:async_hooks';
import type { Scope } from './scope.ts';

/** Knows, per database, which transaction the running code belongs to: nobody inside may go round its tx. */
export class Guard {
  readonly #contexts = new AsyncLocalStorage<Scope>();

  enter<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
    return this.#contexts.run(scope, work);
  }

  /** `own` is the scope the caller was made for; undefined for the database itself. */
  refuse(own?: Scope): void {
    const current = this.#innermost();
    if (!current || current === own) return;
    throw new Error(`Inside the transaction "${current.label}": use the tx it was given, not the database that opened it.`);
  }

  /** A promise started inside may finish after the commit; its context outlives the scope and means nothing then. */
  #innermost(): Scope | undefined {
    let scope = this.#contexts.getStore();
    while (scope && !scope.isOpen) scope = scope.outer;
    return scope;
  }
}
