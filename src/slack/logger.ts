import { LogLevel } from '@slack/bolt';
import type { Logger } from '@slack/bolt';
import type { Log } from '#log.ts';

/** Bolt's words in our log; what it calls info is our debug. */
export function boltLogger(log: Log): Logger {
  const words = (parts: unknown[]) =>
    parts.map((part) => (part instanceof Error ? part.message : typeof part === 'string' ? part : JSON.stringify(part))).join(' ');
  return {
    debug: () => {},
    info: (...parts) => log.debug({ from: 'slack' }, words(parts)),
    warn: (...parts) => log.debug({ from: 'slack' }, words(parts)),
    error: (...parts) => log.warn({ from: 'slack' }, words(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}
