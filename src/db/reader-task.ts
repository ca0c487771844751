import type { Question } from './search.ts';

export type Method = 'all' | 'get' | 'values' | 'run';

export type Task = { kind: 'search'; question: Question } | { kind: 'rows'; text: string; parameters: unknown[]; method: Method };

export interface Job {
  id: number;
  task: Task;
}

export type Answer = { id: number; rows: unknown } | { id: number; failure: { message: string; code: string } };
