/**
 * One transaction or savepoint while it is open. A statement that fails spoils its scope on both engines, as PostgreSQL
 * insists: catch around `carried.transaction`, whose savepoint keeps the rest.
 */
export class Scope {
  readonly label: string;
  readonly outer: Scope | undefined;
  readonly depth: number;
  readonly effects: (() => void)[] = [];
  readonly #deadline: number;
  #ended: Error | undefined;
  #failure: unknown;
  #hasInner = false;

  constructor(label: string, outer: Scope | undefined, limitMilliseconds = Infinity) {
    this.label = label;
    this.outer = outer;
    this.depth = outer ? outer.depth + 1 : 0;
    this.#deadline = performance.now() + limitMilliseconds;
  }

  get isOpen(): boolean {
    return this.#ended === undefined && (this.outer?.isOpen ?? true);
  }

  get isOverdue(): boolean {
    return performance.now() > this.#deadline || (this.outer?.isOverdue ?? false);
  }

  /** Called before every statement: throws when there is no point in running it. */
  admit(): void {
    this.outer?.admit();
    if (this.#ended) throw this.#ended;
    if (this.#failure !== undefined) throw this.#spoilt();
    if (this.isOverdue) throw new HeldTooLong(this.label);
  }

  /** Rows written beside an open savepoint would vanish with it. */
  admitWrite(): void {
    this.admit();
    if (this.#hasInner) throw new Error(`A savepoint is open in the transaction "${this.label}": write through its tx, or await it first.`);
  }

  fail(error: unknown): void {
    this.#failure ??= error;
  }

  /** Called when the work has returned: throws when it must not be committed. */
  conclude(): void {
    this.admit();
    if (this.#hasInner) throw new Error(`The transaction "${this.label}" returned before its savepoint did: await everything in it.`);
  }

  end(reason: Error = new Error(`The transaction "${this.label}" is over: its tx is dead.`)): void {
    this.#ended ??= reason;
  }

  openInner(label: string): Scope {
    this.admitWrite();
    this.#hasInner = true;
    return new Scope(label, this);
  }

  closeInner(): void {
    this.#hasInner = false;
  }

  #spoilt(): Error {
    const message = `A statement of the transaction "${this.label}" failed, so nothing of it can be kept: catch around carried.transaction.`;
    return new Error(message, { cause: this.#failure });
  }
}

export class HeldTooLong extends Error {
  constructor(label: string) {
    super(`The transaction "${label}" held the writer for too long and was rolled back.`);
    this.name = 'HeldTooLong';
  }
}
