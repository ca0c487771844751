/** Both engines store the same: PostgreSQL refuses U+0000 in a text, better-sqlite3 any bytes but a Buffer. */
export function storable(parameter: unknown): unknown {
  if (typeof parameter === 'string') return parameter.includes('\0') ? parameter.replaceAll('\0', '') : parameter;
  if (parameter instanceof Uint8Array && !Buffer.isBuffer(parameter)) {
    return Buffer.from(parameter.buffer, parameter.byteOffset, parameter.byteLength);
  }
  return parameter;
}
