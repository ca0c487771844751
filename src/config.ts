import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

export type Config = z.infer<typeof schema> & { secrets: [string, ...string[]] };

/** Every setting that is missing or wrong, at once, each with what to do. The command exits with 78. */
export class ConfigError extends Error {
  readonly problems: string[];
  constructor(problems: string[]) {
    super(`The configuration is not complete:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const MIN_SECRET_LENGTH = 32;
const MAX_PORT = 65_535;
const MAX_HOLD_SECONDS = 180;
const HOLD_RANGE = `must be a whole number of seconds between 0 and ${MAX_HOLD_SECONDS}.`;
const FIRST_ADDRESS = /^\s*(?:"?([^"<>]*?)"?\s*<)?([^\s<>@"]+@[^\s<>@"]+\.[^\s<>@"]+|[^\s<>@"]+@localhost)>?\s*$/;

const address = z
  .string()
  .regex(FIRST_ADDRESS, 'must be an address such as "Support <support@example.com>".')
  .transform((text) => {
    const [, name, email] = FIRST_ADDRESS.exec(text) ?? [];
    return { name: name?.trim() || (email ?? '').split('@')[0] || '', address: (email ?? '').toLowerCase() };
  });

const listen = z
  .string()
  .regex(/^(off|(lmtp:)?[\w.:[\]-]+:\d{1,5})$/, 'must be "127.0.0.1:2525" for SMTP or "lmtp:127.0.0.1:2424" for LMTP.')
  .refine((text) => text === 'off' || Number(/\d+$/.exec(text)?.[0]) <= MAX_PORT, `must have a port of at most ${MAX_PORT}.`)
  .transform((text) => {
    if (text === 'off') return null;
    const isLmtp = text.startsWith('lmtp:');
    const place = isLmtp ? text.slice(5) : text;
    const colon = place.lastIndexOf(':');
    return { isLmtp, host: place.slice(0, colon), port: Number(place.slice(colon + 1)) };
  });

const timeZone = z.string().refine((zone) => isTimeZone(zone), 'must be an IANA time zone such as "Europe/Helsinki".');

const schema = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^(file:|postgres(ql)?:\/\/)/, 'must start with "file:" or "postgres://", e.g. "file:./data/tiketti.db".')
    .default('file:./data/tiketti.db'),
  FILES_URL: z
    .string()
    .regex(/^file:/, 'must start with "file:", e.g. "file:./data/files".')
    .default('file:./data/files'),
  SLACK_BOT_TOKEN: z
    .string('is missing. Copy the "Bot User OAuth Token" from api.slack.com/apps → your app → OAuth & Permissions.')
    .regex(/^xoxb-/, 'must start with "xoxb-". Copy it from api.slack.com/apps → your app → OAuth & Permissions.'),
  SLACK_APP_TOKEN: z
    .string('is missing. Make an app-level token with the scope connections:write at api.slack.com/apps → your app → Basic Information.')
    .regex(/^xapp-/, 'must start with "xapp-". Make it at api.slack.com/apps → your app → Basic Information → App-Level Tokens.'),
  SLACK_API_URL: z.url({ protocol: /^https?$/, error: 'must be a URL such as "http://127.0.0.1:3333/api/".' }).optional(),
  MAIL_SMTP_URL: z
    .string('is missing. Example: "smtps://user:password@mail.example.com".')
    .refine(
      isSmtpUrl,
      'must look like "smtps://user:password@mail.example.com" or "smtp://127.0.0.1:25", with @ : / % in a password as %40 %3A %2F %25.',
    ),
  MAIL_FROM: z.string('is missing. It is your first address, e.g. "Support <support@example.com>".').pipe(address),
  MAIL_LISTEN: listen.default(null),
  TIKETTI_SECRET: z
    .string()
    .min(MIN_SECRET_LENGTH, `must have at least ${MIN_SECRET_LENGTH} characters. Make one with: openssl rand -hex 32`)
    .optional(),
  TIKETTI_LOCALE: z.enum(['en', 'fi', 'sv', 'ru'], 'must be one of en, fi, sv, ru.').default('en'),
  TIKETTI_TIME_ZONE: timeZone.default('Europe/Helsinki'),
  TIKETTI_TRIAGE_CHANNEL: z.string().default('support'),
  TIKETTI_ADMINS: z
    .string()
    .regex(/^[UW][A-Z0-9]+([\s,]+[UW][A-Z0-9]+)*$/, 'must be Slack user ids separated by commas, e.g. "U012AB3CD".')
    .transform((text) => text.split(/[\s,]+/))
    .optional(),
  TIKETTI_HOLD_SECONDS: z.coerce.number(HOLD_RANGE).int(HOLD_RANGE).min(0, HOLD_RANGE).max(MAX_HOLD_SECONDS, HOLD_RANGE).default(15),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error.').default('info'),
  LOG_ADDRESSES: z.stringbool('must be 1 or 0.').default(false),
});

type Environment = Record<string, string | undefined>;

/** Reads the whole environment for the server. */
export function readConfig(environment: Environment): Config {
  return parse(schema, environment);
}

/** What commands that touch only the data need: no Slack, no mail server. */
const dataSchema = schema.partial({ SLACK_BOT_TOKEN: true, SLACK_APP_TOKEN: true, MAIL_SMTP_URL: true, MAIL_FROM: true });
export type DataConfig = z.infer<typeof dataSchema> & { secrets: [string, ...string[]] };

export function readDataConfig(environment: Environment): DataConfig {
  return parse(dataSchema, environment);
}

function parse<T extends z.ZodType<{ DATABASE_URL: string; TIKETTI_SECRET?: string | undefined }>>(shape: T, environment: Environment) {
  const { values, problems } = withFiles(environment);
  const result = shape.safeParse(values);
  if (!result.success) problems.push(...result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  const needsSecret = values['DATABASE_URL']?.startsWith('postgres') && !values['TIKETTI_SECRET'];
  if (needsSecret)
    problems.push('TIKETTI_SECRET is missing. With PostgreSQL every node needs the same one; make it with: openssl rand -hex 32');
  if (problems.length > 0 || !result.success) throw new ConfigError([...new Set(problems)]);
  const secret = result.data.TIKETTI_SECRET ?? keptSecret(filePath(result.data.DATABASE_URL));
  return { ...(result.data as z.infer<T>), secrets: [secret] as [string, ...string[]] };
}

/** Any variable may also be given as NAME_FILE, holding the path of a file with its value. */
function withFiles(environment: Environment): { values: Environment; problems: string[] } {
  const values: Environment = {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value.trim() === '') continue;
    const base = name.endsWith('_FILE') ? name.slice(0, -5) : null;
    if (!base || !(base in schema.shape)) {
      values[name] ??= value;
      continue;
    }
    try {
      values[base] = readFileSync(value, 'utf8').trim();
    } catch (error) {
      problems.push(`${name} names ${value}, which cannot be read (${(error as NodeJS.ErrnoException).code}).`);
    }
  }
  return { values, problems };
}

export function filePath(url: string): string {
  return url.replace(/^file:(\/\/)?/, '');
}

/** In file mode the secret is made once and kept beside the database. */
function keptSecret(database: string): string {
  const path = join(dirname(database), 'secret');
  if (!existsSync(path)) writeSecret(path);
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < MIN_SECRET_LENGTH) throw new ConfigError([`${path} is damaged: restore it from a backup, or set TIKETTI_SECRET.`]);
  return secret;
}

/** Whole or not at all, and the first process wins: a full disk or two starts at once must not leave half a secret. */
function writeSecret(path: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${process.pid}`;
  try {
    writeFileSync(unfinished, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
    linkSync(unfinished, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(unfinished, { force: true });
  }
  const opened = openSync(folder, 'r');
  fsyncSync(opened);
  closeSync(opened);
}

function isSmtpUrl(text: string): boolean {
  try {
    const { protocol, hostname, username, password } = new URL(text);
    decodeURIComponent(username + password);
    return /^smtps?:$/.test(protocol) && hostname !== '';
  } catch {
    return false;
  }
}

function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}
