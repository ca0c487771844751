import type { SearchKind } from './database.ts';

export interface Question {
  kind: SearchKind;
  words: string;
  limit: number;
}

export interface Text {
  kind: SearchKind;
  id: number;
  text: string;
}
