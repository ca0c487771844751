import rules from '../rules/methods.json' with { type: 'json' };
import { isGranted } from '../manifest.ts';
import { Refusal, refuse } from '../refusal.ts';
import { type World, now } from '../world.ts';
import type { Arguments, Call } from './call.ts';
import { methods } from './methods.ts';
import { secondsOfTrigger } from '../triggers.ts';
import { word } from '../words.ts';

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** lost: the connection breaks · never: it stays open and silent · a number: milliseconds of real time until the answer. */
  fate?: 'lost' | 'never' | number;
}

interface MethodRules {
  arguments: Record<string, { required: boolean; type: string | null }>;
  scopes: string[];
  tier: number | string;
  errors: string[];
}

const MILLISECONDS = 1_000;
const INTERNAL_ERROR = 500;
const TOO_MANY = 429;
/** Accepted beside the documented ones: every SDK call may carry them. */
const ALWAYS_ACCEPTED = new Set(['token', 'team_id', 'alt_text', 'client_msg_id', 'snippet_type']);
const APP_TOKEN_METHODS = new Set(['apps.connections.open']);
const NO_TOKEN_METHODS = new Set(['blocks.validate', 'api.test']);
const SEVERAL_SCOPES = /^(conversations\.|users\.conversations)/;

export function answer(world: World, method: string, request: { token: string; arguments: Arguments }): Reply {
  world.timers.tick();
  const fault = world.faults.takeCall(method);
  if (fault?.kind === 'hang' || fault?.kind === 'cut')
    return { status: INTERNAL_ERROR, headers: {}, body: '', fate: fault.kind === 'hang' ? 'never' : 'lost' };
  if (fault?.kind === 'http') return { status: fault.status ?? INTERNAL_ERROR, headers: {}, body: 'fault' };
  const call = { world, method, arguments: request.arguments };
  const body = fault?.kind === 'ratelimited' ? limited(fault.retryAfterSeconds ?? 1) : outcome(call, request.token, fault?.error);
  record(call, body);
  const answered = reply(world, method, body);
  if (fault?.kind === 'slow') return { ...answered, fate: fault.delayMilliseconds ?? 0 };
  return fault?.kind === 'drop' ? { ...answered, fate: 'lost' } : answered;
}

type Body = Record<string, unknown> & { ok: boolean };

function outcome(call: Call, token: string, forced: string | undefined): Body {
  try {
    if (forced !== undefined) refuse(forced);
    const method = methods[call.method] ?? refuse('unknown_method', { req_method: call.method });
    checkToken(call, token);
    const wait = call.world.rates.take(call.method, word(call.arguments['channel'] ?? ''));
    if (wait > 0) return limited(wait);
    checkScopes(call);
    checkArguments(call);
    return { ok: true, ...method(call) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.code, ...error.more };
    throw error;
  }
}

function limited(seconds: number): Body {
  return { ok: false, error: 'ratelimited', retryAfterSeconds: seconds };
}

function checkToken({ world, method }: Call, token: string): void {
  if (NO_TOKEN_METHODS.has(method)) return;
  if (token === '') refuse('not_authed');
  if (token !== world.botToken && token !== world.appToken) refuse('invalid_auth');
  if (APP_TOKEN_METHODS.has(method) !== (token === world.appToken)) refuse('not_allowed_token_type');
  if (!world.state.app.isInstalled) refuse('account_inactive');
}

export function rulesOf(method: string): MethodRules | undefined {
  return (rules.methods as Record<string, MethodRules>)[method];
}

function checkScopes({ world, method }: Call): void {
  const needed = rulesOf(method)?.scopes ?? [];
  if (needed.length === 0 || needed.some((scope) => isGranted(world.manifest, scope))) return;
  const shown = SEVERAL_SCOPES.test(method) ? needed.join(',') : needed[0];
  refuse('missing_scope', { needed: shown, provided: (world.manifest.scopes ?? []).join(',') });
}

function checkArguments({ world, method, arguments: given }: Call): void {
  const known = rulesOf(method)?.arguments;
  if (!known || !world.isStrict) return;
  const missing = Object.entries(known).filter(
    ([name, { required }]) => required && isAbsent(given[name]) && !OWN_WORDS.has(`${method} ${name}`),
  );
  const unknown = Object.keys(given).filter((name) => !(name in known) && !ALWAYS_ACCEPTED.has(name));
  const messages = [
    ...missing.map(([name]) => `[ERROR] missing required field: ${name}`),
    ...unknown.map((name) => `[ERROR] unknown argument: ${name}`),
  ];
  if (messages.length > 0) refuse('invalid_arguments', { response_metadata: { messages } });
}

/** Here the method itself has a better word for what is missing. */
const OWN_WORDS = new Set([
  'conversations.create name',
  'files.getUploadURLExternal filename',
  'files.getUploadURLExternal length',
  'reactions.add timestamp',
]);

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function record(call: Call, body: Body): void {
  const issued = secondsOfTrigger(call.world, call.arguments['trigger_id']);
  const { retryAfterSeconds, ...response } = body;
  call.world.recorder.call({
    method: call.method,
    body: readable(call.arguments),
    ok: body.ok,
    t: now(call.world),
    ...(body.ok ? {} : { error: String(body['error']) }),
    ...(retryAfterSeconds === undefined ? {} : { status: TOO_MANY }),
    ...(issued === undefined ? {} : { trigger_issued_at: issued }),
    response,
  });
  call.world.bus.changed('call', { method: call.method, ok: body.ok });
}

/** JSON in form fields, as it was meant. */
function readable(given: Arguments): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (typeof value !== 'string' || !/^[[{]/.test(value)) return [name, value];
      try {
        return [name, JSON.parse(value) as unknown];
      } catch {
        return [name, value];
      }
    }),
  );
}

function reply(world: World, method: string, body: Body): Reply {
  const { retryAfterSeconds, ...shown } = body;
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'x-oauth-scopes': (world.manifest.scopes ?? []).join(','),
    'x-accepted-oauth-scopes': (rulesOf(method)?.scopes ?? []).join(','),
    'x-slack-req-id': String(Math.floor(now(world) / MILLISECONDS)),
  };
  if (retryAfterSeconds === undefined) return { status: 200, headers, body: JSON.stringify(shown) };
  return { status: TOO_MANY, headers: { ...headers, 'retry-after': word(retryAfterSeconds) }, body: JSON.stringify(shown) };
}
