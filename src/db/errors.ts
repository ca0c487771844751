/** SQLite's one writer is another process, and stayed so for the whole busy timeout. */
export function isBusy(error: unknown): boolean {
  return codes(error).some((code) => code === 'SQLITE_BUSY' || code.startsWith('SQLITE_BUSY_'));
}

const TRANSIENT = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  '53300', // too many connections
  '55P03', // lock not available
  '57P01', // the server is being shut down
  '57P02',
  '57P03', // the server is starting
  '57P05',
  '25P03', // idle in transaction for too long
  '25P04',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

// The driver gives these no code.
const LOST = /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/** PostgreSQL went away or asked for another try: the same work may well succeed in a while. */
export function isTransient(error: unknown): boolean {
  return chain(error).some((e) => LOST.test(e.message)) || codes(error).some((code) => TRANSIENT.has(code) || /^08...$/.test(code));
}

/** A deadlock, another writer, a connection that was lost: the same may well be written in a moment. */
export function canComeRight(error: unknown): boolean {
  return isTransient(error) || isBusy(error);
}

const MAX_CAUSES = 8;

function codes(error: unknown): string[] {
  return chain(error).flatMap((e) => ('code' in e ? [String(e.code)] : []));
}

function chain(error: unknown): Error[] {
  const errors: Error[] = [];
  for (let e = error; e instanceof Error && errors.length < MAX_CAUSES; e = e.cause) errors.push(e);
  return errors;
}
