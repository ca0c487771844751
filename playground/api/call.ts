import type { WebAPICallResult } from '@slack/web-api';
import { isGranted } from '../manifest.ts';
import { invalidArguments, refuse } from '../refusal.ts';
import type { World } from '../world.ts';
import { word } from '../words.ts';

export type Arguments = Record<string, unknown>;

/** One call, with its arguments as Slack would read them. */
export interface Call {
  world: World;
  method: string;
  arguments: Arguments;
}

export type Method = (call: Call) => object;

/** What a handler answers beside `ok`. */
export type Result<T extends WebAPICallResult> = Partial<Omit<T, 'ok'>>;

const PAGE_DEFAULT = 100;
const PAGE_MAX = 1_000;

export function text(call: Call, name: string): string | undefined {
  const value = call.arguments[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') invalidArguments([`must provide a string [json-pointer:/${name}]`]);
  return word(value);
}

export function requiredText(call: Call, name: string): string {
  const value = text(call, name);
  if (value === undefined || value === '') invalidArguments([`missing required field: ${name}`]);
  return value;
}

export function flag(call: Call, name: string, byDefault = false): boolean {
  const value = call.arguments[name];
  if (value === undefined || value === null || value === '') return byDefault;
  return value === true || value === 'true' || value === '1' || value === 1;
}

export function integer(call: Call, name: string): number | undefined {
  const value = text(call, name);
  if (value === undefined || value === '') return undefined;
  if (!/^-?\d+$/.test(value)) invalidArguments([`must be a valid integer [json-pointer:/${name}]`]);
  return Number(value);
}

/** An argument that is JSON, in a form field as text. `error` is what Slack answers when it cannot be read. */
export function structured(call: Call, name: string, error = 'invalid_arguments'): unknown {
  const value = call.arguments[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return refuse(error, error === 'invalid_arguments' ? { response_metadata: { messages: [`[ERROR] ${name} is not valid JSON`] } } : {});
  }
}

export function needScope(world: World, scope: string): void {
  if (isGranted(world.manifest, scope)) return;
  refuse('missing_scope', { needed: scope, provided: (world.manifest.scopes ?? []).join(',') });
}

/** One page of a list, and where the next one begins. */
export function page<T>(call: Call, all: T[], limits: { byDefault?: number; max?: number } = {}): { items: T[]; next: string } {
  const { byDefault = PAGE_DEFAULT, max = PAGE_MAX } = limits;
  const asked = integer(call, 'limit') ?? byDefault;
  if (asked < 0 || asked > max) refuse('invalid_limit');
  const limit = asked === 0 ? byDefault : asked;
  const from = offsetOf(text(call, 'cursor') ?? '');
  const hasMore = from + limit < all.length;
  return { items: all.slice(from, from + limit), next: hasMore ? cursorOf(from + limit) : '' };
}

export function cursorOf(offset: number): string {
  return Buffer.from(`next:${offset}`).toString('base64');
}

export function offsetOf(cursor: string): number {
  if (cursor === '') return 0;
  const found = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'));
  return found ? Number(found[1]) : refuse('invalid_cursor');
}
