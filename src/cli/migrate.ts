import type { DataConfig } from '#config.ts';
import { migrate } from '#db/migrate.ts';

export async function migrateCommand(config: DataConfig, asJson: boolean): Promise<void> {
  const { applied } = await migrate(config.DATABASE_URL);
  process.stdout.write(
    asJson ? `${JSON.stringify({ applied })}\n` : `The database is at the newest version (${String(applied)} migrations).\n`,
  );
}
