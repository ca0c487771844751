/** Exit codes of every command (sysexits.h): usage, temporary failure, configuration. */
export const EXIT = { ok: 0, failed: 1, usage: 64, temporary: 75, config: 78 } as const;

/** A command that did nothing, and says why. */
export class Refused extends Error {
  readonly exit: number;
  constructor(words: string, exit: number = EXIT.failed) {
    super(words);
    this.name = 'Refused';
    this.exit = exit;
  }
}
