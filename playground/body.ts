import type { IncomingMessage } from 'node:http';
import type { Arguments } from './api/call.ts';
import { word } from './words.ts';

const MAX_BODY_BYTES = 64 * 1024 * 1024;

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw new Error(`The playground takes bodies up to ${MAX_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Arguments of a call, whichever way they were sent. */
export async function readArguments(request: IncomingMessage, url: URL): Promise<Arguments> {
  const query = Object.fromEntries(url.searchParams);
  const bytes = await readBytes(request);
  if (bytes.byteLength === 0) return query;
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/json')) return { ...query, ...(JSON.parse(bytes.toString('utf8')) as Arguments) };
  return { ...query, ...Object.fromEntries((await formData(bytes, type)).entries()) };
}

/** An upload: raw bytes, or the first file of a form. */
export async function readUpload(request: IncomingMessage): Promise<Uint8Array> {
  const bytes = await readBytes(request);
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data')) return bytes;
  const parts = [...(await formData(bytes, type)).values()];
  const file = parts.find((part) => typeof part !== 'string');
  return file ? new Uint8Array(await file.arrayBuffer()) : Buffer.from(word(parts[0] ?? ''));
}

function formData(bytes: Buffer, contentType: string): Promise<FormData> {
  return new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
}
