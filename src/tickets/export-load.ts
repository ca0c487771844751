import type { Desk } from './desk.ts';

/** One export is one document in memory: beyond this, bytes are named and not carried. */
export const MAX_CARRIED_BYTES = 64 * 1024 * 1024;

/** Counts what one export carries. */
export interface Load {
  bytes: number;
}

export async function carried(desk: Desk, load: Load, file: { sha256: string; sizeBytes: number }): Promise<string | null> {
  if (load.bytes + file.sizeBytes > MAX_CARRIED_BYTES || !(await desk.files.has(file.sha256))) return null;
  load.bytes += file.sizeBytes;
  const bytes = await desk.files.get(file.sha256);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

export function carry(load: Load, bytes: Uint8Array): string | null {
  if (load.bytes + bytes.length > MAX_CARRIED_BYTES) return null;
  load.bytes += bytes.length;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
