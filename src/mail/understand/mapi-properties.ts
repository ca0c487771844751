/** First value of each property, by its 16-bit id; `unicode` names those whose text is UTF-16. */
export type MapiProperties = Map<number, Buffer> & { unicode?: Set<number> };

const MAX_PROPERTIES = 2_000;
const MAX_VALUES = 2_000;
const NAMED_FROM = 0x8000;
const MULTIPLE = 0x1000;
const GUID_LENGTH = 16;
const FIXED_LENGTHS = new Map([
  [0x0002, 4],
  [0x0003, 4],
  [0x0004, 4],
  [0x0005, 8],
  [0x0006, 8],
  [0x0007, 8],
  [0x000a, 4],
  [0x000b, 4],
  [0x0014, 8],
  [0x0040, 8],
  [0x0048, 16],
]);
const UNICODE_TEXT = 0x001f;
const VARIABLE = new Set([0x000d, 0x001e, UNICODE_TEXT, 0x0102]);

interface Cursor {
  bytes: Buffer;
  at: number;
}

/** Stops quietly where the data no longer makes sense; what was read until then counts. */
export function readMapiProperties(bytes: Buffer): MapiProperties {
  const properties: MapiProperties = new Map<number, Buffer>();
  const unicode = new Set<number>();
  const cursor = { bytes, at: 0 };
  const count = Math.min(readNumber(cursor) ?? 0, MAX_PROPERTIES);
  for (let index = 0; index < count; index++) {
    const tag = readNumber(cursor);
    if (tag === null) break;
    const id = tag >>> 16;
    const type = tag & 0xffff;
    if (id >= NAMED_FROM && !skipName(cursor)) break;
    const value = readValues(cursor, type);
    if (value === null) break;
    if (!properties.has(id)) properties.set(id, value);
    if ((type & ~MULTIPLE) === UNICODE_TEXT) unicode.add(id);
  }
  return Object.assign(properties, { unicode });
}

function skipName(cursor: Cursor): boolean {
  cursor.at += GUID_LENGTH;
  const kind = readNumber(cursor);
  if (kind === 0) return readNumber(cursor) !== null;
  const length = readNumber(cursor);
  if (kind !== 1 || length === null) return false;
  cursor.at += padded(length);
  return cursor.at <= cursor.bytes.length;
}

function readValues(cursor: Cursor, type: number): Buffer | null {
  const base = type & ~MULTIPLE;
  const isMultiple = (type & MULTIPLE) !== 0;
  const isVariable = VARIABLE.has(base);
  const count = isMultiple || isVariable ? readNumber(cursor) : 1;
  if (count === null || count > MAX_VALUES) return null;
  let first: Buffer | null = count === 0 ? Buffer.alloc(0) : null;
  for (let index = 0; index < count; index++) {
    const value = isVariable ? readVariable(cursor) : readFixed(cursor, base);
    if (value === null) return null;
    first ??= value;
  }
  return first;
}

function readVariable(cursor: Cursor): Buffer | null {
  const length = readNumber(cursor);
  if (length === null || cursor.at + length > cursor.bytes.length) return null;
  const value = cursor.bytes.subarray(cursor.at, cursor.at + length);
  cursor.at += padded(length);
  return value;
}

function readFixed(cursor: Cursor, type: number): Buffer | null {
  const length = FIXED_LENGTHS.get(type);
  if (length === undefined || cursor.at + length > cursor.bytes.length) return null;
  const value = cursor.bytes.subarray(cursor.at, cursor.at + length);
  cursor.at += length;
  return value;
}

function readNumber(cursor: Cursor): number | null {
  const WORD = 4;
  if (cursor.at < 0 || cursor.at + WORD > cursor.bytes.length) return null;
  const value = cursor.bytes.readUInt32LE(cursor.at);
  cursor.at += WORD;
  return value;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
