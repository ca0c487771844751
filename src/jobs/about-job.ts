import type { Fields } from '#log.ts';
import type { Job } from './queue.ts';

/** Whose number stands in which field of a payload. */
const NAMES = { mailId: 'mail', ticketId: 'ticket', deliveryId: 'delivery', holdId: 'hold' } as const;

/** A job as a line of the log names it: with what it is about, so that one mail or one reply can be followed. */
export function aboutJob({ kind, id, payload }: Pick<Job, 'kind' | 'id' | 'payload'>): Fields {
  const about = Object.entries(NAMES).flatMap(([field, name]) => (typeof payload[field] === 'number' ? [[name, payload[field]]] : []));
  return { kind, job: id, ...Object.fromEntries(about) };
}
