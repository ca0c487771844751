import { allHeaders } from './header.ts';
import type { Header } from './header.ts';
import type { Authentication } from './letter.ts';

const NO_VERDICT: Authentication = { spf: null, dkim: null, dmarc: null, trusted: false };
const VERDICTS = new Set(['pass', 'fail', 'none', 'neutral', 'softfail', 'policy', 'temperror', 'permerror', 'bestguesspass', 'hardfail']);
const MAX_LENGTH = 16_000;
const SERVER_NAME = /^[a-z\d](?:[\w.-]{0,250}[a-z\d])?$/;

/**
 * What the topmost Authentication-Results says; anything below may have come with the mail (RFC 8601 §5).
 * Only where `trusted` did our own receiving server say so; otherwise it is a claim like any other.
 */
export function readAuthentication(headers: Header[], trustedAuthservIds: string[]): Authentication {
  const topmost = allHeaders(headers, 'authentication-results')[0];
  if (topmost === undefined) return NO_VERDICT;
  const text = topmost.slice(0, MAX_LENGTH).replaceAll(/\([^()]*\)/g, ' ');
  const [identity = '', ...results] = text.split(';');
  return {
    spf: verdictOf(results, 'spf'),
    dkim: bestDkim(results),
    dmarc: verdictOf(results, 'dmarc'),
    trusted: isTrusted(identity, trustedAuthservIds),
  };
}

/** Under which name a server has signed the topmost results; null when that is no name of a server. */
export function serverNamedIn(headers: Header[]): string | null {
  const topmost = allHeaders(headers, 'authentication-results')[0];
  const id = serverIn(
    topmost
      ?.slice(0, MAX_LENGTH)
      .replaceAll(/\([^()]*\)/g, ' ')
      .split(';')[0] ?? '',
  );
  return SERVER_NAME.test(id) ? id : null;
}

function serverIn(identity: string): string {
  return identity.trim().split(/\s+/)[0]?.toLowerCase() ?? '';
}

function isTrusted(identity: string, trusted: string[]): boolean {
  const id = serverIn(identity);
  if (id === '') return false;
  return trusted.some((pattern) => {
    const wanted = pattern.toLowerCase();
    return wanted.startsWith('*.') ? id.endsWith(wanted.slice(1)) : id === wanted;
  });
}

function verdictOf(results: string[], method: string): string | null {
  return verdictsOf(results, method)[0] ?? null;
}

/** Several signatures give several results; one that passes is enough. */
function bestDkim(results: string[]): string | null {
  const all = verdictsOf(results, 'dkim');
  return all.includes('pass') ? 'pass' : (all[0] ?? null);
}

function verdictsOf(results: string[], method: string): string[] {
  return results.flatMap((result) => {
    const match = /^\s*([a-z-]+)(?:\/\d+)?\s*=\s*([a-z]+)/i.exec(result);
    const verdict = match?.[2]?.toLowerCase() ?? '';
    return match?.[1]?.toLowerCase() === method && VERDICTS.has(verdict) ? [verdict] : [];
  });
}
