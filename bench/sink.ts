import { createServer, type Socket } from 'node:net';

/** Somebody's mail server: takes everything at once and looks at nothing but the envelope. */
export interface Sink {
  port: number;
  /** How many mails it has taken. */
  taken(): number;
  /** When the last one was taken, on `performance.now` of this process. */
  lastAt(): number;
  /** Resolves when somebody is written to; answers `Date.now()` of that moment. */
  next(recipient: string, deadlineMs: number): Promise<number>;
}

const END_OF_DATA = '\r\n.\r\n';

export async function startSink(): Promise<Sink> {
  const waiting = new Map<string, (at: number) => void>();
  let taken = 0;
  let lastAt = 0;
  const take = (recipients: string[]) => {
    taken += 1;
    lastAt = performance.now();
    for (const recipient of recipients) {
      waiting.get(recipient)?.(Date.now());
      waiting.delete(recipient);
    }
  };
  const server = createServer({ noDelay: true }, (socket) => converse(socket, take));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const place = server.address();
  return {
    port: typeof place === 'object' && place ? place.port : 0,
    taken: () => taken,
    lastAt: () => lastAt,
    next: (recipient, deadlineMs) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`Nobody wrote to ${recipient}.`)), deadlineMs);
        waiting.set(recipient, (at) => {
          clearTimeout(timer);
          resolve(at);
        });
      }),
  };
}

function converse(socket: Socket, take: (recipients: string[]) => void): void {
  let text = '';
  let isData = false;
  let recipients: string[] = [];
  const say = (line: string) => void socket.write(`${line}\r\n`);
  const hear = (line: string) => {
    const word = line.slice(0, 4).toUpperCase();
    if (word === 'EHLO') return say('250-sink\r\n250 PIPELINING');
    if (word === 'RCPT') recipients.push(/<([^>]*)>/.exec(line)?.[1]?.toLowerCase() ?? '');
    if (word === 'QUIT') return void socket.end('221 bye\r\n');
    isData = word === 'DATA';
    say(isData ? '354 go on' : '250 ok');
  };
  socket.on('error', () => socket.destroy());
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    for (;;) {
      const end = text.indexOf(isData ? END_OF_DATA : '\r\n');
      if (end < 0) return;
      const heard = text.slice(0, end);
      text = text.slice(end + (isData ? END_OF_DATA.length : 2));
      if (!isData) {
        hear(heard);
        continue;
      }
      isData = false;
      take(recipients.splice(0));
      say('250 2.0.0 taken');
    }
  });
  say('220 sink');
}
