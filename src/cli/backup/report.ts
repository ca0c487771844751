import type { DataConfig } from '#config.ts';
import type { Output } from '../output.ts';
import { DUMP, type Manifest } from './manifest.ts';

const MEGABYTE = 1024 * 1024;

interface Made {
  folder: string;
  manifest: Manifest;
  /** Files the desk names and nobody has. */
  lost: string[];
  config: DataConfig;
}

/** What is in the backup, and what the operator must keep besides. */
export function reportBackup(out: Output, { folder, manifest, lost, config }: Made): void {
  const advice = adviceFor(folder, manifest, config);
  const gone = manifest.files?.missing.filter((sha256) => !lost.includes(sha256)) ?? [];
  const damaged = manifest.files?.damaged ?? [];
  if (out.isJson) {
    out(JSON.stringify({ folder, ...manifest, lost, gone, damaged, advice }));
    return;
  }
  const { database, files, secret, counts } = manifest;
  out(`Backup of ${manifest.at.toISOString()} in ${folder}`);
  out(`  database  ${database ? `${database.name}, ${megabytes(database.bytes)}` : 'not in it'}`);
  if (counts['tickets'] !== undefined)
    out(
      `            ${Object.entries(counts)
        .map(([table, rows]) => `${rows} ${table}`)
        .join(', ')}`,
    );
  out(`  files     ${files ? `${files.count}, ${megabytes(files.bytes)}` : 'not in it'}`);
  out(`  secret    ${secret ? secret.name : 'not in it'}`);
  if (gone.length > 0) out(`${gone.length} files were removed by retention while this ran; the manifest lists them.`);
  for (const sha256 of lost.slice(0, 20)) out(`LOST: ${sha256} is named by the database and is not in the files folder.`);
  for (const sha256 of damaged.slice(0, 20)) out(`DAMAGED: ${sha256} is not what its name says.`);
  for (const line of advice) out(line);
  out(`Check it with: tiketti doctor --backup ${folder}`);
}

function adviceFor(folder: string, { dialect, database, files, secret }: Manifest, config: DataConfig): string[] {
  return [
    ...(dialect === 'postgres' && !database
      ? [
          `The database is PostgreSQL's: dump it FIRST, into the same folder, then run this command again with --force:`,
          `  pg_dump --format=custom --file=${folder}/${DUMP} "$DATABASE_URL"`,
        ]
      : []),
    ...(files ? [] : [`The files are at ${config.FILES_URL}: keep versions there (bucket versioning), for as long as you keep backups.`]),
    ...(secret
      ? ['Whoever has this folder has the secret and every word of every customer: keep it encrypted, and away from this machine.']
      : [
          'TIKETTI_SECRET comes from the environment and is NOT in this backup. Keep it too: without it answers to earlier mails are not recognised, and logins of mailboxes must be typed again. (--with-secret writes it here.)',
        ]),
  ];
}

export function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`;
}
