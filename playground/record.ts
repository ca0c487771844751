import { appendFileSync } from 'node:fs';

/** One call of the app's, or one ack, as it was received. */
export interface RecordedCall {
  method: string;
  body: Record<string, unknown>;
  ok: boolean;
  /** Milliseconds since 1970 on the playground's clock. */
  t: number;
  error?: string;
  status?: number;
  trigger_issued_at?: number;
  /** Acks only: what was acked, and when its payload was sent. */
  kind?: string;
  received_at?: number;
  envelope_id?: string;
  response?: Record<string, unknown>;
}

/** Something a real workspace would have shown to nobody, or as an error to a person: a test can demand that there are none. */
export interface Problem {
  kind: string;
  detail: string;
  t: number;
}

export interface Recorder {
  calls: RecordedCall[];
  problems: Problem[];
  call(call: RecordedCall): void;
  problem(kind: string, detail: string): void;
}

const SECRET_ARGUMENTS = new Set(['token']);
const MAX_KEPT = 50_000;

export function createRecorder(file: string | undefined, now: () => Date): Recorder {
  const calls: RecordedCall[] = [];
  const problems: Problem[] = [];
  return {
    calls,
    problems,
    call(call) {
      const body = Object.fromEntries(Object.entries(call.body).filter(([name]) => !SECRET_ARGUMENTS.has(name)));
      calls.push({ ...call, body });
      if (calls.length > MAX_KEPT) calls.shift();
      const { response: _response, ...line } = { ...call, body };
      if (file) appendFileSync(file, `${JSON.stringify(line)}\n`);
    },
    problem(kind, detail) {
      problems.push({ kind, detail, t: now().getTime() });
      if (problems.length > MAX_KEPT) problems.shift();
    },
  };
}
