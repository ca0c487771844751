import type { DataConfig } from '#config.ts';
import { openDesk } from '../main/open-desk.ts';
import { personErase, personExport } from './person.ts';

const say = (line: string) => void process.stdout.write(`${line}\n`);

export async function exportCommand(config: DataConfig, address: string): Promise<void> {
  const desk = await openDesk({ config: { ...config, LOG_LEVEL: 'error' } });
  try {
    process.exitCode = await personExport(desk, address, say);
  } finally {
    await desk.db.close();
  }
}

export async function eraseCommand(config: DataConfig, address: string): Promise<void> {
  const desk = await openDesk({ config: { ...config, LOG_LEVEL: 'error' } });
  try {
    process.exitCode = await personErase(desk, address, say);
  } finally {
    await desk.db.close();
  }
}
