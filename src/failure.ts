/** Something a person can mend. `key` is a locale key in the `failures` namespace; the person reads it in their own language. */
export class Failure extends Error {
  readonly key: string;
  readonly params: Record<string, string | number>;

  constructor(key: string, params: Record<string, string | number> = {}) {
    super(`${key} ${JSON.stringify(params)}`);
    this.name = 'Failure';
    this.key = key;
    this.params = params;
  }
}
