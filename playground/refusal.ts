/** Slack's way to say no: a code, and sometimes more to read. */
export class Refusal extends Error {
  readonly code: string;
  readonly more: Record<string, unknown>;

  constructor(code: string, more: Record<string, unknown> = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.more = more;
  }
}

export function refuse(code: string, more: Record<string, unknown> = {}): never {
  throw new Refusal(code, more);
}

export function invalidArguments(messages: string[]): never {
  throw new Refusal('invalid_arguments', { response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } });
}
