import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { systemClock } from '#clock.ts';
import type { DataConfig, Places } from '#config.ts';
import { settleSqlite } from '#db/copy.sqlite.ts';
import { migrate, NewerDatabase, versions } from '#db/migrate.ts';
import { isPostgres } from '#db/open.ts';
import { secretsIn } from '#config/secret.ts';
import { isServed } from '#jobs/presence.ts';
import { restoredOf } from '#tickets/restored.ts';
import { openDesk } from '../main/open-desk.ts';
import { checkBackup } from './backup/check.ts';
import { DUMP, type Manifest } from './backup/manifest.ts';
import { EXIT, Refused } from './exit.ts';
import type { Output, Progress, Terminal } from './output.ts';
import { park, type Parked } from './restore/park.ts';
import { refuseUnlessFree, secretsFor, stageDatabase, stageFiles, takePlaces, targetOf } from './restore/place.ts';
import { reportRestore } from './restore/report.ts';

export interface RestoreOptions {
  places: Places;
  isForced: boolean;
  /** PostgreSQL: pg_restore has been run. */
  isDatabaseRestored: boolean;
}

/** Puts a backup back, where nothing is or instead of what is moved aside. Nothing that may have left leaves again. */
export async function restore(folder: string, options: RestoreOptions, { out, tell }: Terminal): Promise<number> {
  const { places } = options;
  const { manifest, problems, isNewer } = await checkBackup(folder, tell);
  if (problems.length > 0) throw new Refused(`The backup in ${folder} is damaged:\n  ${problems.join('\n  ')}\nUse an older one.`);
  if (isNewer) throw new NewerDatabase(1);
  const isSame = isPostgres(places.DATABASE_URL) === (manifest.dialect === 'postgres');
  if (!isSame) throw new Refused(`The backup is of ${manifest.dialect}, and DATABASE_URL names another kind of database.`);
  const secret = secretsFor(folder, manifest, places);
  if (isPostgres(places.DATABASE_URL)) return restoreBesideDump({ folder, places, manifest, secret, out, tell }, options);
  return restoreWhole({ folder, places, manifest, secret, out, tell }, options);
}

interface Restoring {
  folder: string;
  places: Places;
  manifest: Manifest;
  secret: string;
  out: Output;
  tell: Progress;
}

async function restoreWhole({ folder, places, manifest, secret, out, tell }: Restoring, { isForced }: RestoreOptions): Promise<number> {
  const target = targetOf(places);
  if (!target.database) throw new Error('A file database has a path.');
  refuseUnlessFree(target, isForced, systemClock.now());
  const files = await stageFiles(folder, manifest, target, tell);
  tell('database');
  const database = await stageDatabase(folder, manifest, target.database);
  // Before anybody can open it under its own name: there is no moment in which a server could find something to send.
  const parked = await parkIn(`file:${database}`, { places, manifest, secret });
  await settle(database);
  const stamp = systemClock
    .now()
    .toISOString()
    .replaceAll(/[-:]|\.\d+/g, '');
  const staged = { database, files, secret: target.secret ? secret : null };
  const aside = await takePlaces({ ...target, database: target.database }, staged, stamp);
  tell.end();
  reportRestore(out, { folder, manifest, parked, aside });
  return EXIT.ok;
}

/** pg_restore brings the database; this brings the rest, and keeps what may have left from leaving again. */
async function restoreBesideDump(restoring: Restoring, options: RestoreOptions): Promise<number> {
  const { folder, places, manifest, secret, out, tell } = restoring;
  const { applied } = await versions(places.DATABASE_URL);
  if (applied === 0 || !options.isDatabaseRestored) {
    const dump = join(folder, DUMP);
    const lines = [
      'Nothing was restored yet. Stop every node; then, into an empty database:',
      `  pg_restore --exit-on-error --no-owner --dbname="$DATABASE_URL" ${existsSync(dump) ? dump : `${DUMP} (this backup does not have it: use yours)`}`,
      `and then, before any node is started:`,
      `  tiketti restore --after-pg-restore ${folder}`,
    ];
    for (const line of out.isJson ? [JSON.stringify({ restored: false, next: lines.slice(1) })] : lines) out(line);
    return EXIT.failed;
  }
  await refuseServed(places, manifest, secret);
  const target = targetOf(places);
  if (target.files) refuseUnlessFree({ ...target, database: null }, options.isForced, systemClock.now());
  const staged = await stageFiles(folder, manifest, target, tell);
  if (staged && target.files && staged !== target.files) throw new Refused(`${target.files} is not empty. Move it aside, then try again.`);
  const parked = await parkIn(places.DATABASE_URL, { places, manifest, secret });
  tell.end();
  reportRestore(out, { folder, manifest, parked, aside: [] });
  return EXIT.ok;
}

interface Secrets {
  places: Places;
  manifest: Manifest;
  secret: string;
}

function configFor(url: string, { places, secret }: Secrets): DataConfig {
  // The file has older ones with their dates behind the first line; for parking the current one is enough.
  const secrets = places.TIKETTI_SECRET ? secretsIn(secret) : secretsIn(secret.trim().split('\n')[0] ?? '');
  return { ...places, DATABASE_URL: url, LOG_LEVEL: 'error', secrets };
}

async function parkIn(url: string, secrets: Secrets): Promise<Parked> {
  await migrate(url);
  const desk = await openDesk({ config: configFor(url, secrets) });
  try {
    return await park(desk, url, secrets.manifest.at);
  } finally {
    await desk.db.close();
  }
}

async function refuseServed(places: Places, manifest: Manifest, secret: string): Promise<void> {
  const desk = await openDesk({ config: configFor(places.DATABASE_URL, { places, manifest, secret }) });
  try {
    const restored = await restoredOf(desk.db);
    if (restored?.backupAt === manifest.at.toISOString())
      throw new Refused('This backup was restored here already: what waits for a person waits, and the rest goes on.');
    if (await isServed(desk.db, desk.clock.now()))
      throw new Refused('A node is running on this database. Stop every node, wait half a minute, and try again.', EXIT.temporary);
  } finally {
    await desk.db.close();
  }
}

/** One file again; copies that migrating made beside it are the backup once more. */
async function settle(database: string): Promise<void> {
  settleSqlite(database);
  const home = dirname(database);
  for (const name of await readdir(home)) {
    if (name.startsWith(`${basename(database)}.before-`) || name === `${basename(database)}-wal` || name === `${basename(database)}-shm`)
      await rm(join(home, name), { force: true });
  }
}
