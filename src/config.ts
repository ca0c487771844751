import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from './config/error.ts';
import { filesProblems, filesShape } from './config/files.ts';
import { address, authservIds, listen, mailServer, timeZone } from './config/formats.ts';
import { keptSecrets, MIN_SECRET_LENGTH, secretsIn } from './config/secret.ts';
import { host, localUrl, port, publicUrl } from './config/web.ts';

export { ConfigError } from './config/error.ts';

export type Config = z.infer<typeof schema> & { PUBLIC_URL: string; secrets: [string, ...string[]] };

const MAX_HOLD_SECONDS = 180;
const HOLD_RANGE = `must be a whole number of seconds between 0 and ${MAX_HOLD_SECONDS}.`;
const schema = z.object({
  DATABASE_URL: z
    .string()
    .regex(/^(file:|postgres(ql)?:\/\/)/, 'must start with "file:" or "postgres://", e.g. "file:./data/tiketti.db".')
    .default('file:./data/tiketti.db'),
  ...filesShape,
  SLACK_BOT_TOKEN: z
    .string('is missing. Copy the "Bot User OAuth Token" from api.slack.com/apps → your app → OAuth & Permissions.')
    .regex(/^xoxb-/, 'must start with "xoxb-". Copy it from api.slack.com/apps → your app → OAuth & Permissions.'),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/, 'must start with "xapp-". Make it at api.slack.com/apps → your app → Basic Information → App-Level Tokens.')
    .optional(),
  SLACK_SIGNING_SECRET: z
    .string()
    .min(16, 'must be the "Signing Secret" from api.slack.com/apps → your app → Basic Information.')
    .optional(),
  SLACK_API_URL: z.url({ protocol: /^https?$/, error: 'must be a URL such as "http://127.0.0.1:3333/api/".' }).optional(),
  MAIL_IMAP_URL: mailServer('imap').optional(),
  MAIL_SMTP_URL: mailServer('smtp'),
  MAIL_FROM: z.string('is missing. It is your first address, e.g. "Support <support@example.com>".').pipe(address),
  MAIL_LISTEN: listen.default(null),
  MAIL_TRUSTED_SERVERS: authservIds.default([]),
  HOST: host.default('127.0.0.1'),
  PORT: port.default(3_000),
  PUBLIC_URL: publicUrl.optional(),
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
  const config = parse(schema, environment, wayToSlack);
  return { ...config, PUBLIC_URL: config.PUBLIC_URL ?? localUrl(config) };
}

/** Either Slack is connected to, or it comes to us. */
function wayToSlack(values: Environment): string[] {
  if (values['SLACK_APP_TOKEN'] || values['SLACK_SIGNING_SECRET']) return [];
  const here = 'api.slack.com/apps → your app → Basic Information';
  return [
    `SLACK_APP_TOKEN is missing. Make an app-level token with the scope connections:write at ${here}. Or, where Slack can reach this server, set SLACK_SIGNING_SECRET from the same page for HTTP mode.`,
  ];
}

/** What commands that touch only the data need: no Slack, no mail server. */
const dataSchema = schema.partial({ SLACK_BOT_TOKEN: true, MAIL_SMTP_URL: true, MAIL_FROM: true });
export type DataConfig = z.infer<typeof dataSchema> & { secrets: [string, ...string[]] };

export function readDataConfig(environment: Environment): DataConfig {
  return parse(dataSchema, environment);
}

type Settings = z.ZodType<{ DATABASE_URL: string; TIKETTI_SECRET?: string | undefined }>;

type More = (values: Environment) => string[];

function parse<T extends Settings>(shape: T, environment: Environment, more?: More): z.infer<T> & { secrets: [string, ...string[]] } {
  const settings = parseSettings(shape, environment, more);
  const secrets = settings.TIKETTI_SECRET ? secretsIn(settings.TIKETTI_SECRET) : keptSecrets(filePath(settings.DATABASE_URL), new Date());
  return { ...settings, secrets };
}

/** The same without a secret being made where there is none yet. */
export type Places = z.infer<typeof dataSchema>;
export function readPlaces(environment: Environment): Places {
  return parseSettings(dataSchema, environment);
}

/** Everything wrong with the environment, in sentences. Makes nothing. */
export function problemsIn(environment: Environment): string[] {
  try {
    parseSettings(schema, environment, wayToSlack);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** What is right by itself, for whoever looks for what is wrong. */
export function readWhatFits(environment: Environment): Partial<z.infer<typeof schema>> {
  const { values } = withFiles(environment);
  const fitting = Object.entries(schema.shape).flatMap(([name, shape]) => {
    const result = shape.safeParse(values[name]);
    return result.success && result.data !== undefined ? [[name, result.data]] : [];
  });
  return Object.fromEntries(fitting) as Partial<z.infer<typeof schema>>;
}

function parseSettings<T extends Settings>(shape: T, environment: Environment, more: More = () => []): z.infer<T> {
  const { values, problems } = withFiles(environment);
  const result = shape.safeParse(values);
  if (!result.success) problems.push(...result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  problems.push(...filesProblems(values));
  problems.push(...more(values));
  const needsSecret = values['DATABASE_URL']?.startsWith('postgres') && !values['TIKETTI_SECRET'];
  if (needsSecret)
    problems.push('TIKETTI_SECRET is missing. With PostgreSQL every node needs the same one; make it with: openssl rand -hex 32');
  if (problems.length > 0 || !result.success) throw new ConfigError([...new Set(problems)]);
  return result.data as z.infer<T>;
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
