import type { Status } from '#db/words.ts';

/** What can happen to a ticket's status. */
export type Happening =
  | 'assigned'
  | 'note'
  | 'requester comment'
  | 'requester thanks'
  | 'agent reply'
  | 'automatic mail'
  | 'solve'
  | 'reopen'
  | 'pend'
  | 'wait'
  | 'close';

/** The new status · `same` · `refused` · `follow up`: a new ticket, linked to this one. */
export type Outcome = Status | 'same' | 'refused' | 'follow up';

type Line = Record<Status, Outcome>;

const everywhere = (outcome: Outcome): Line => ({
  new: outcome,
  open: outcome,
  pending: outcome,
  on_hold: outcome,
  solved: outcome,
  closed: outcome,
});
const whileAlive = (outcome: Outcome): Line => ({ ...everywhere(outcome), closed: 'refused' });

const TABLE: Record<Happening, Line> = {
  assigned: { ...whileAlive('same'), new: 'open' },
  note: everywhere('same'),
  'requester comment': { new: 'same', open: 'same', pending: 'open', on_hold: 'open', solved: 'open', closed: 'follow up' },
  'requester thanks': { new: 'same', open: 'same', pending: 'open', on_hold: 'open', solved: 'same', closed: 'follow up' },
  'agent reply': { new: 'pending', open: 'pending', pending: 'same', on_hold: 'same', solved: 'same', closed: 'follow up' },
  'automatic mail': everywhere('same'),
  solve: { ...whileAlive('solved'), solved: 'same' },
  reopen: { new: 'same', open: 'same', pending: 'open', on_hold: 'open', solved: 'open', closed: 'refused' },
  pend: { ...whileAlive('pending'), pending: 'same' },
  wait: { ...whileAlive('on_hold'), on_hold: 'same' },
  close: { ...everywhere('refused'), solved: 'closed', closed: 'same' },
};

/** Product §2's table. Never `new` again once it left `new`. */
export function nextStatus(status: Status, happening: Happening): Outcome {
  return TABLE[happening][status];
}

/** Waiting for a third party is never told to the requester. */
export function statusForRequester(status: Status): Status {
  return status === 'on_hold' ? 'open' : status;
}
