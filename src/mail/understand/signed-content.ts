/** The mail inside an opaque S/MIME signature (CMS SignedData): the first long octet string of the container. */
const MAX_DEPTH = 12;
const MAX_ELEMENTS = 50_000;
const OCTET_STRING = 0x04;
const CONSTRUCTED = 0x20;
const SIGNED_DATA = Buffer.from('2a864886f70d010702', 'hex');

interface Element {
  tag: number;
  start: number;
  end: number;
  next: number;
}

interface Walk {
  bytes: Buffer;
  visited: number;
}

/** Null where the container is no signature, or is encrypted. */
export function signedContent(bytes: Buffer): Buffer | null {
  if (bytes.subarray(0, 64).indexOf(SIGNED_DATA) === -1) return null;
  return findContent({ bytes, visited: 0 }, { start: 0, end: bytes.length }, 0);
}

function findContent(walk: Walk, range: { start: number; end: number }, depth: number): Buffer | null {
  for (const element of elements(walk, range)) {
    const type = element.tag & 0x1f;
    const isConstructed = (element.tag & CONSTRUCTED) !== 0;
    if ((element.tag & 0xc0) === 0 && type === OCTET_STRING)
      return isConstructed ? joined(walk, element) : walk.bytes.subarray(element.start, element.end);
    const found = isConstructed && depth < MAX_DEPTH ? findContent(walk, element, depth + 1) : null;
    if (found) return found;
  }
  return null;
}

/** Long contents come in pieces. */
function joined(walk: Walk, container: Element): Buffer {
  const pieces: Buffer[] = [];
  for (const piece of elements(walk, container)) pieces.push(walk.bytes.subarray(piece.start, piece.end));
  return Buffer.concat(pieces);
}

function* elements(walk: Walk, { start, end }: { start: number; end: number }): Generator<Element> {
  let at = start;
  while (at < end && walk.visited++ < MAX_ELEMENTS) {
    const element = readElement(walk, { at, limit: end, depth: 0 });
    if (!element || (element.tag === 0 && element.start === element.end)) return;
    yield element;
    at = element.next;
  }
}

interface Place {
  at: number;
  limit: number;
  depth: number;
}

function readElement(walk: Walk, { at, limit, depth }: Place): Element | null {
  const tag = walk.bytes[at];
  const first = walk.bytes[at + 1];
  if (tag === undefined || first === undefined || depth > MAX_DEPTH) return null;
  if (first < 0x80) return { tag, ...bounded(at + 2, first, limit) };
  const lengthBytes = first & 0x7f;
  if (lengthBytes === 0) return { tag, ...indefinite(walk, { at: at + 2, limit, depth }) };
  if (lengthBytes > 4 || at + 2 + lengthBytes > limit) return null;
  return { tag, ...bounded(at + 2 + lengthBytes, walk.bytes.readUIntBE(at + 2, lengthBytes), limit) };
}

type Extent = Omit<Element, 'tag'>;

function bounded(start: number, length: number, limit: number): Extent {
  const end = Math.min(start + length, limit);
  return { start, end, next: end };
}

/** Ends at two zero bytes; what is inside must be walked to find them. */
function indefinite(walk: Walk, { at: start, limit, depth }: Place): Extent {
  let at = start;
  while (at < limit && walk.visited++ < MAX_ELEMENTS) {
    if (walk.bytes[at] === 0 && walk.bytes[at + 1] === 0) return { start, end: at, next: at + 2 };
    const inner = readElement(walk, { at, limit, depth: depth + 1 });
    if (!inner) break;
    at = inner.next;
  }
  return { start, end: limit, next: limit };
}
