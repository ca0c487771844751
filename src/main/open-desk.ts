import { type Clock, systemClock } from '#clock.ts';
import type { DataConfig } from '#config.ts';
import type { Database } from '#db/database.ts';
import { migrate } from '#db/migrate.ts';
import { openDatabase } from '#db/open.ts';
import { openFileStore } from '#files/open.ts';
import { createLog, type Log } from '#log.ts';
import type { Desk } from '#tickets/desk.ts';
import { createSeal } from '#seal.ts';
import { createTokens } from '#tokens.ts';
import { sharedClock } from './shared-clock.ts';

export interface DeskOptions {
  config: DataConfig;
  clock?: Clock;
  log?: Log;
}

/** Opens what every command stands on: log, database, files, tokens. Migrates first. */
export async function openDesk({ config, clock: own, log }: DeskOptions): Promise<Desk> {
  const logger = log ?? createLog({ level: config.LOG_LEVEL, secret: config.secrets[0], plainAddresses: config.LOG_ADDRESSES });
  await migrate(config.DATABASE_URL);
  const { db, clock } = await openTimed(config.DATABASE_URL, { log: logger, own });
  return {
    db,
    clock,
    log: logger,
    files: await openFileStore(config, clock),
    seal: createSeal(config.secrets),
    tokens: createTokens(config.secrets, domainOf(config.MAIL_FROM?.address)),
    settings: {
      prefixes: ['TK'],
      brand: { name: config.MAIL_FROM?.name ?? 'Support', colour: '#2f5d8c', logoUrl: null },
      language: config.TIKETTI_LOCALE,
      timeZone: config.TIKETTI_TIME_ZONE,
      holdSeconds: config.TIKETTI_HOLD_SECONDS,
      closeAfterDays: 4,
      country: countryOf(config.TIKETTI_TIME_ZONE),
    },
    reactions: [],
    wake: () => {},
    failPoint: () => {},
  };
}

/** Several nodes go by one clock, their database's; a desk that is alone with its file goes by the machine's. */
async function openTimed(url: string, { log, own }: { log: Log; own: Clock | undefined }): Promise<{ db: Database; clock: Clock }> {
  const db = await openDatabase(url, { log, clock: own ?? systemClock });
  if (own || !db.time) return { db, clock: own ?? systemClock };
  const clock = await sharedClock({ db, log, machine: systemClock });
  const close = async () => {
    clock.stop();
    await db.close();
  };
  return { db: { ...db, close }, clock };
}

function domainOf(address: string | undefined): string {
  return address?.split('@')[1] ?? 'localhost';
}

/** Phone numbers without a prefix are of the desk's country; its time zone says which. */
function countryOf(timeZone: string): string {
  const known: Record<string, string> = {
    'Europe/Helsinki': 'FI',
    'Europe/Stockholm': 'SE',
    'Europe/Moscow': 'RU',
    'Europe/Tallinn': 'EE',
    'Europe/London': 'GB',
    'Europe/Berlin': 'DE',
    'Europe/Oslo': 'NO',
    'Europe/Copenhagen': 'DK',
  };
  return known[timeZone] ?? 'FI';
}
