import { connect, type Socket } from 'node:net';
import { type Letter, OUR_ADDRESS } from './letters.ts';

export const CONNECTIONS = 20;

export interface Sent {
  /** From the first connection to the last 250. */
  ms: number;
  /** From a mail's first byte to its 250. */
  each: number[];
}

/** Sends everything over so many connections at once, each one mail after the other, pipelined as RFC 2920 allows. */
export async function sendAll(port: number, letters: readonly Letter[], connections = CONNECTIONS): Promise<Sent> {
  const left = letters.values();
  const each: number[] = [];
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: Math.min(connections, letters.length) }, () => sendSome(port, left, each)));
  return { ms: performance.now() - startedAt, each };
}

async function sendSome(port: number, left: Iterator<Letter>, each: number[]): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const answers = answersOf(socket);
  await answers.next('220');
  socket.write('EHLO bench.example\r\n');
  await answers.next('250');
  for (let next = left.next(); !next.done; next = left.next()) {
    const startedAt = performance.now();
    socket.write(`MAIL FROM:<${next.value.from}>\r\nRCPT TO:<${OUR_ADDRESS}>\r\nDATA\r\n`);
    await answers.next('250');
    await answers.next('250');
    await answers.next('354');
    socket.write(next.value.bytes);
    socket.write('\r\n.\r\n');
    await answers.next('250');
    each.push(performance.now() - startedAt);
  }
  socket.end('QUIT\r\n');
}

const ANSWER_MS = 60_000;

/** The server's answers one after the other; a multiline one counts once. */
function answersOf(socket: Socket): { next(code: string): Promise<void> } {
  const ready: string[] = [];
  let wake: (() => void) | undefined;
  let text = '';
  let failure: Error | undefined;
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('The server was silent for a minute.')));
  socket.on('error', (error) => {
    failure = error;
    wake?.();
  });
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const lines = text.split('\r\n');
    text = lines.pop() ?? '';
    ready.push(...lines.filter((line) => line[3] !== '-'));
    wake?.();
  });
  return {
    async next(code) {
      while (ready.length === 0 && !failure) await new Promise<void>((resolve) => (wake = resolve));
      if (failure) throw failure;
      const line = ready.shift() ?? '';
      if (!line.startsWith(code)) throw new Error(`The server said "${line}" where ${code} was due.`);
    },
  };
}
