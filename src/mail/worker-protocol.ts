import type { Letter, UnderstandingContext } from './understand/letter.ts';

/** What the main thread and a mail thread say to each other. */
export interface Job {
  id: number;
  raw: Uint8Array<ArrayBuffer>;
  context: UnderstandingContext;
}

export type Answer =
  | { type: 'ready' }
  | { type: 'understood'; id: number; letter: Letter }
  | { type: 'failed'; id: number; message: string };
