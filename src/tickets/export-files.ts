import type { Desk } from './desk.ts';
import type { ExportedTicket } from './export-tickets.ts';

export interface ExportedFile {
  sha256: string;
  filename: string;
  contentType: string;
  sizeBytes: number;
  /** Null when it is too large for one document of text: it lies in the files store under its SHA-256. */
  base64: string | null;
}

/** One export is one document in memory: beyond this, bytes are named and not carried. */
export const MAX_CARRIED_BYTES = 64 * 1024 * 1024;

/** Counts what one export carries. */
export interface Load {
  bytes: number;
}

/** The attachments of the exported comments, each content once. */
export async function exportFiles(desk: Desk, tickets: ExportedTicket[]): Promise<ExportedFile[]> {
  const files = new Map(
    tickets.flatMap((ticket) => ticket.comments.flatMap((comment) => comment.files)).map((file) => [file.sha256, file]),
  );
  const load: Load = { bytes: 0 };
  const exported: ExportedFile[] = [];
  for (const { sha256, filename, contentType, sizeBytes } of files.values()) {
    exported.push({ sha256, filename, contentType, sizeBytes, base64: await carried(desk, load, { sha256, sizeBytes }) });
  }
  return exported;
}

export async function carried(desk: Desk, load: Load, file: { sha256: string; sizeBytes: number }): Promise<string | null> {
  if (load.bytes + file.sizeBytes > MAX_CARRIED_BYTES || !(await desk.files.has(file.sha256))) return null;
  load.bytes += file.sizeBytes;
  const bytes = await desk.files.get(file.sha256);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
