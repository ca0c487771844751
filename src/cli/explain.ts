import { ConfigError } from '#config.ts';
import { NewerDatabase, OlderDatabase } from '#db/migrate.ts';
import { Failure } from '#failure.ts';
import { SecretIsRotating } from '#config/secret.ts';
import { BucketTrouble } from '#files/s3-trouble.ts';
import { failureText, translator } from '#i18n.ts';
import { EXIT, Refused } from './exit.ts';

export { EXIT } from './exit.ts';

export interface Explained {
  words: string;
  code: number;
}

interface Coded extends Error {
  code: string;
  syscall?: string;
  address?: string;
  port?: number;
  /** The setting that named the port; the mail listener's if nobody says. */
  setting?: string;
}

/** What an operator reads when a command fails, and what their supervisor or mail server makes of it. */
export function explain(error: unknown, language?: string): Explained {
  if (error instanceof ConfigError || error instanceof NewerDatabase || error instanceof OlderDatabase)
    return { words: error.message, code: EXIT.config };
  if (error instanceof SecretIsRotating) return { words: error.message, code: EXIT.temporary };
  if (error instanceof Refused) return { words: error.message, code: error.exit };
  if (error instanceof Failure) return { words: failureText(translator(language), error), code: failureExit(error) };
  if (error instanceof BucketTrouble) return { words: error.message, code: error.isSetting ? EXIT.config : EXIT.temporary };
  if (isCoded(error)) {
    if ('exitCode' in error && error.code.startsWith('commander.')) return { words: '', code: error.exitCode === 0 ? EXIT.ok : EXIT.usage };
    const known = explainSystem(error);
    if (known) return known;
  }
  return { words: error instanceof Error ? (error.stack ?? error.message) : String(error), code: EXIT.failed };
}

function failureExit(failure: Failure): number {
  if (failure.key === 'slack.token' || failure.key === 'slack.other_team') return EXIT.config;
  return failure.key === 'slack.unreachable' ? EXIT.temporary : EXIT.failed;
}

const UNREACHABLE = /^(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|57P0[123])$/;
const REFUSED_BY_POSTGRES = /^(28000|28P01|3D000|42501)$/;
const FULL = /^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL|SQLITE_IOERR.*)$/;
const FOLDER = /^(EACCES|EEXIST|EISDIR|ENOENT|ENOTDIR|EPERM|EROFS|SQLITE_CANTOPEN.*|SQLITE_READONLY.*)$/;

/** What the machine or the database refused. The rest is our bug, and keeps its stack. */
function explainSystem(error: Coded): Explained | null {
  const { code, message } = error;
  if (error.syscall === 'listen') {
    const { setting = 'MAIL_LISTEN' } = error;
    const words = `Can't listen on ${error.address}:${error.port} (${code}). Check ${setting}, and that no other Tiketti runs here.`;
    return { words, code: code === 'EADDRINUSE' ? EXIT.temporary : EXIT.config };
  }
  if (UNREACHABLE.test(code)) return { words: `The database can't be reached: ${message}. Check DATABASE_URL.`, code: EXIT.temporary };
  if (REFUSED_BY_POSTGRES.test(code)) return { words: `The database refuses DATABASE_URL: ${message}.`, code: EXIT.config };
  if (code.startsWith('SQLITE_BUSY')) return { words: `The database is busy: ${message}.`, code: EXIT.temporary };
  if (FULL.test(code)) return { words: `Nothing more can be written: ${message}. Is the disk full?`, code: EXIT.temporary };
  if (code === 'SQLITE_NOTADB') return { words: `DATABASE_URL names a file that is no database: ${message}.`, code: EXIT.config };
  if (code.startsWith('SQLITE_CORRUPT'))
    return { words: `The database is damaged: ${message}. Restore it from a backup.`, code: EXIT.config };
  if (FOLDER.test(code))
    return { words: `A file or folder can't be used: ${message}. Check DATABASE_URL and FILES_URL.`, code: EXIT.config };
  return null;
}

function isCoded(error: unknown): error is Coded & { exitCode?: number } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
