import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { State } from './state.ts';

export interface Stored {
  state: State;
  bytes: Map<string, Uint8Array>;
}

/** Reads what an earlier playground left; undefined when there is nothing. */
export function loadState(file: string): Stored | undefined {
  if (!existsSync(file)) return undefined;
  const state = JSON.parse(readFileSync(file, 'utf8')) as State;
  const folder = bytesFolder(file);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return { state, bytes: new Map(names.map((name) => [name, readFileSync(join(folder, name))])) };
}

export function saveState(file: string, { state, bytes }: Stored): void {
  const folder = bytesFolder(file);
  mkdirSync(dirname(file), { recursive: true });
  mkdirSync(folder, { recursive: true });
  const kept = new Set(readdirSync(folder));
  for (const [id, content] of bytes) if (!kept.has(id)) writeFileSync(join(folder, id), content);
  const fresh = `${file}.new`;
  writeFileSync(fresh, JSON.stringify(state));
  renameSync(fresh, file);
}

function bytesFolder(file: string): string {
  return `${file}.files`;
}
