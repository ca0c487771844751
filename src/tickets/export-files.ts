import type { Desk } from './desk.ts';
import { carried, type Load } from './export-load.ts';
import type { ExportedTicket } from './export-tickets.ts';

export interface ExportedFile {
  sha256: string;
  filename: string;
  contentType: string;
  sizeBytes: number;
  /** Null when it is too large for one document of text: it lies in the files store under its SHA-256. */
  base64: string | null;
}

/** The attachments of the exported comments, each content once. */
export async function exportFiles(desk: Desk, tickets: ExportedTicket[], load: Load): Promise<ExportedFile[]> {
  const files = new Map(
    tickets.flatMap((ticket) => ticket.comments.flatMap((comment) => comment.files)).map((file) => [file.sha256, file]),
  );
  const exported: ExportedFile[] = [];
  for (const { sha256, filename, contentType, sizeBytes } of files.values()) {
    exported.push({ sha256, filename, contentType, sizeBytes, base64: await carried(desk, load, { sha256, sizeBytes }) });
  }
  return exported;
}
