/** MS-OXRTFCP: the LZ77 variant in which Outlook stores RTF bodies. */
const HEADER_LENGTH = 16;
const COMPRESSED = 0x75465a4c;
const UNCOMPRESSED = 0x414c454d;
const WINDOW = 4_096;
const MAX_OUTPUT = 20 * 1024 * 1024;
const PRELOAD =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';

export function decompressRtf(bytes: Buffer): Buffer {
  if (bytes.length < HEADER_LENGTH) return bytes;
  const rawSize = Math.min(bytes.readUInt32LE(4), MAX_OUTPUT);
  const kind = bytes.readUInt32LE(8);
  if (kind === UNCOMPRESSED) return bytes.subarray(HEADER_LENGTH, HEADER_LENGTH + rawSize);
  return kind === COMPRESSED ? inflate(bytes, rawSize) : bytes;
}

function inflate(bytes: Buffer, rawSize: number): Buffer {
  const window = Buffer.alloc(WINDOW);
  let writeAt = window.write(PRELOAD, 'latin1');
  const out = Buffer.alloc(rawSize);
  let size = 0;
  const emit = (byte: number): void => {
    window[writeAt] = byte;
    writeAt = (writeAt + 1) % WINDOW;
    if (size < rawSize) out[size++] = byte;
  };
  let at = HEADER_LENGTH;
  while (at < bytes.length && size < rawSize) {
    const control = bytes[at++] ?? 0;
    for (let bit = 0; bit < 8 && at < bytes.length; bit++) {
      if ((control & (1 << bit)) === 0) {
        emit(bytes[at++] ?? 0);
        continue;
      }
      const token = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      at += 2;
      const offset = token >> 4;
      if (offset === writeAt) return out.subarray(0, size);
      for (let step = 0; step < (token & 15) + 2; step++) emit(window[(offset + step) % WINDOW] ?? 0);
    }
  }
  return out.subarray(0, size);
}
