/** Says one line on standard output, which scripts may read. */
export interface Output {
  (line: string): void;
  /** One JSON line instead of sentences. */
  isJson?: boolean;
}

export function toOutput(isJson = false): Output {
  return Object.assign((line: string) => void process.stdout.write(`${line}\n`), { isJson });
}

export interface Progress {
  (words: string): void;
  /** Clears the line. */
  end(): void;
}

/** Where a long command says what it does. */
export interface Terminal {
  out: Output;
  tell: Progress;
}

export function terminal(isJson = false): Terminal {
  return { out: toOutput(isJson), tell: progressOn() };
}

const REDRAW_MS = 200;

/** How far a long work is: one line on a terminal, nothing where nobody looks. */
export function progressOn(stream: NodeJS.WriteStream = process.stderr): Progress {
  let drawnAt = 0;
  const tell = (words: string) => {
    if (!stream.isTTY || performance.now() - drawnAt < REDRAW_MS) return;
    drawnAt = performance.now();
    stream.write(`\r\u001b[K${words}`);
  };
  return Object.assign(tell, { end: () => void (stream.isTTY && stream.write('\r\u001b[K')) });
}
