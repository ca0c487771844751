import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readConfig, readDataConfig, readPlaces } from '#config.ts';
import { explain } from './explain.ts';
import type { AuthorizeOptions } from './mailbox.ts';
import { terminal, toOutput } from './output.ts';

// Types are stripped and code is compiled once; where nothing can be written there, at every start.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/tiketti', import.meta.url)));

const program = new Command('tiketti').description('A self-hosted help desk that lives in Slack.').showHelpAfterError().exitOverride();

program
  .command('start')
  .description('connect, serve and answer, until stopped')
  .action(async () => {
    // Wrong settings are told before the whole house is loaded.
    const config = readConfig(process.env);
    await (await import('./start.ts')).start(config);
  });

program
  .command('migrate')
  .description('bring the database to the newest version; safe from many nodes at once')
  .option('--json', 'one JSON line')
  .action(async (options: { json?: true }) =>
    (await import('./migrate.ts')).migrateCommand(readDataConfig(process.env), Boolean(options.json)),
  );

program
  .command('receive')
  .description('take one mail from standard input, as a mail server would hand it over')
  .option('--to <address>', 'the envelope recipient')
  .option('--from <address>', 'the envelope sender')
  .action(async (options: { to?: string; from?: string }) => (await import('./receive.ts')).receive(process.env, options));

program
  .command('inspect')
  .description('how each mail would be understood; stores nothing')
  .argument('<file...>')
  .option('--save <dir>', 'write attachments there, named by their SHA-256')
  .action(async (files: string[], options: { save?: string }) => {
    const { inspect } = await import('./inspect.ts');
    process.exitCode = await inspect(files, options, (line) => process.stdout.write(`${line}\n`));
  });

const person = program.command('person').description('what the desk knows of one person');
person
  .command('export')
  .argument('<address>')
  .description('everything about a person, as JSON')
  .action(async (address: string) => (await import('./person-command.ts')).exportCommand(readDataConfig(process.env), address));
person
  .command('erase')
  .argument('<address>')
  .description('erase a person everywhere')
  .action(async (address: string) => (await import('./person-command.ts')).eraseCommand(readDataConfig(process.env), address));

interface Json {
  json?: true;
}

program
  .command('doctor')
  .description('check everything this desk needs, and say what to do about what is wrong')
  .option('--backup <dir>', 'check a backup instead, without restoring it')
  .option('--json', 'one JSON line')
  .action(async ({ backup, json }: Json & { backup?: string }) => {
    process.exitCode = backup
      ? await (await import('./doctor-backup.ts')).doctorBackup(backup, terminal(json))
      : await (await import('./doctor.ts')).doctor(process.env, terminal(json));
  });

program
  .command('backup')
  .argument('<dir>', 'an empty folder, or one that is not there yet')
  .description('database, files, secret and a manifest with checksums, while the server runs')
  .option('--force', 'take the place of the older backup in that folder')
  .option('--with-secret', 'write a TIKETTI_SECRET from the environment into the backup too')
  .option('--json', 'one JSON line')
  .action(async (folder: string, { force, withSecret, json }: Json & { force?: true; withSecret?: true }) => {
    const { backUp } = await import('./backup.ts');
    const options = { environment: process.env, isForced: Boolean(force), withSecret: Boolean(withSecret) };
    process.exitCode = await backUp(folder, options, terminal(json));
  });

program
  .command('restore')
  .argument('<dir>', 'what "tiketti backup" wrote')
  .description('put a backup back; nothing is sent again')
  .option('--force', 'move what is there aside (it is never deleted)')
  .option('--after-pg-restore', 'PostgreSQL: the database is restored, now the rest')
  .option('--json', 'one JSON line')
  .action(async (folder: string, { force, afterPgRestore, json }: Json & { force?: true; afterPgRestore?: true }) => {
    const { restore } = await import('./restore.ts');
    const options = { places: readPlaces(process.env), isForced: Boolean(force), isDatabaseRestored: Boolean(afterPgRestore) };
    process.exitCode = await restore(folder, options, terminal(json));
  });

const MAX_KEEP_DAYS = 3_650;

program
  .command('secret')
  .description('what signs reply addresses and seals stored logins')
  .command('rotate')
  .description('make a new secret; the old one stays valid for a while')
  .option('--keep-days <n>', 'how long what the old one signed is accepted', days, 90)
  .option('--forget-old', 'do not accept the older ones any more (after a leak)')
  .option('--json', 'one JSON line')
  .action(async ({ keepDays, forgetOld, json }: Json & { keepDays: number; forgetOld?: true }) => {
    const { rotateSecret } = await import('./secret.ts');
    const options = { keepDays, forgetOld: Boolean(forgetOld) };
    process.exitCode = await rotateSecret(process.env, options, toOutput(json));
  });

function days(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > MAX_KEEP_DAYS)
    throw new InvalidArgumentError(`It must be a whole number of days from 1 to ${MAX_KEEP_DAYS}.`);
  return value;
}

program
  .command('mailbox')
  .description("mailboxes' logins")
  .command('authorize')
  .argument('<name>', 'the mailbox, by its name or user')
  .description('sign in for a mailbox with OAuth2, in a browser; the secret of the client comes from OAUTH_CLIENT_SECRET')
  .addOption(new Option('--provider <name>', 'whose mailbox it is').choices(['google', 'microsoft']).makeOptionMandatory())
  .requiredOption('--client-id <id>', 'of the app registered at the provider')
  .option('--tenant <id>', 'the tenant at Microsoft', 'organizations')
  .option('--port <port>', 'where the browser comes back to, on 127.0.0.1', Number, 8765)
  .option('--authorize-url <url>', 'another sign-in page, as of a national cloud')
  .option('--token-url <url>', 'another token endpoint')
  .action(async (name: string, options: Omit<AuthorizeOptions, 'clientSecret'>) => {
    const clientSecret = process.env['OAUTH_CLIENT_SECRET'] ?? '';
    await (await import('./mailbox.ts')).authorizeMailbox(readDataConfig(process.env), name, { ...options, clientSecret });
  });

program
  .command('seed')
  .description('believable data for trials and benchmarks')
  .requiredOption('--tickets <n>', 'how many', Number)
  .option('--days <d>', 'spread over so many days', Number, 90)
  .action(async (options: { tickets: number; days: number }) => (await import('./seed.ts')).seed(readDataConfig(process.env), options));

try {
  await program.parseAsync();
} catch (error) {
  const { words, code } = explain(error, process.env['TIKETTI_LOCALE']);
  if (words) process.stderr.write(`${words}\n`);
  process.exitCode = code;
}
