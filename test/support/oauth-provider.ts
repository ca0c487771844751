import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface OAuthProvider {
  tokenUrl: string;
  /** What it was asked, oldest first. */
  asked: Record<string, string>[];
  /** Answers the next requests with these; afterwards with tokens `token-1`, `token-2` … */
  answer(...answers: { status?: number; body: string }[]): void;
  /** Which tokens it has given. */
  given: string[];
  stop(): Promise<void>;
}

/** The token endpoint of a provider (RFC 6749 §3.2). */
export async function startOAuthProvider(): Promise<OAuthProvider> {
  const asked: Record<string, string>[] = [];
  const given: string[] = [];
  const answers: { status?: number; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      // Dovecot asks whether a token is good, and whose (RFC 7662).
      if (request.url?.startsWith('/introspect')) {
        const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
        response.setHeader('content-type', 'application/json');
        return void response.end(JSON.stringify({ active: given.includes(token), email: 'support', scope: 'mail' }));
      }
      asked.push(Object.fromEntries(new URLSearchParams(body)));
      const special = answers.shift();
      const token = `token-${given.length + 1}`;
      if (!special) given.push(token);
      response.statusCode = special?.status ?? 200;
      response.setHeader('content-type', 'application/json');
      response.end(special?.body ?? JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3_600 }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    tokenUrl: `http://127.0.0.1:${port}/token`,
    asked,
    given,
    answer: (...wanted) => void answers.push(...wanted),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
