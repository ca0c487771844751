/** RFC 2152. Only ever used where the sender declared it: guessed UTF-7 is a way to smuggle markup. */
export function decodeUtf7(text: string): string {
  return text.replaceAll(/\+([A-Za-z0-9+/]*)-?/g, (run, encoded: string) => {
    if (encoded === '') return run === '+-' ? '+' : run;
    const bytes = Buffer.from(encoded, 'base64');
    const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
    return even.length === 0 ? run : Buffer.from(even).swap16().toString('utf16le');
  });
}
