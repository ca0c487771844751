import { onTestFinished } from 'vitest';
import { type Playground, type PlaygroundOptions, type SettableClock, settableClock, startPlayground } from '../../workspace.ts';

export interface Desk {
  playground: Playground;
  clock: SettableClock;
  liisa: string;
  matti: string;
  support: string;
  call: (method: string, given?: Given, token?: string) => Promise<Record<string, unknown>>;
}

/** A workspace with two people and a channel the app is in; its clock stands still. */
export async function openPlayground(options: PlaygroundOptions = {}): Promise<Desk> {
  const clock = settableClock();
  const playground = await startPlayground({ clock, ...options });
  onTestFinished(() => playground.stop());
  const liisa = playground.addPerson({ name: 'liisa', realName: 'Liisa Lahti', locale: 'fi-FI', isOwner: true }).id;
  const matti = playground.addPerson({ name: 'matti', realName: 'Matti Meri', locale: 'en-US' }).id;
  const support = playground.addChannel({ name: 'support', members: ['liisa', 'matti', 'bot'] }).id;
  return {
    playground,
    clock,
    liisa,
    matti,
    support,
    call: (method, given, token) => callApi(playground, method, token === undefined ? given : { ...given, as: token }),
  };
}

/** A call as the SDK makes it: a form, with JSON in its fields. `as` is the token, the bot's if not given. */
export async function callApi(playground: Playground, method: string, given: Given = {}): Promise<Record<string, unknown>> {
  const answered = await callRaw(playground, method, given);
  return { ...((await answered.json()) as Record<string, unknown>), status: answered.status };
}

export interface Given {
  as?: string;
  [name: string]: unknown;
}

export function callRaw(playground: Playground, method: string, given: Given = {}): Promise<Response> {
  const { as: token = playground.botToken, ...rest } = given;
  const fields = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
  return fetch(`${playground.apiUrl}${method}`, {
    method: 'POST',
    headers: token === '' ? {} : { authorization: `Bearer ${token}` },
    body: new URLSearchParams(fields as [string, string][]),
  });
}

export function modal(more: object = {}): object {
  return {
    type: 'modal',
    callback_id: 'ticket.create',
    title: { type: 'plain_text', text: 'New ticket' },
    submit: { type: 'plain_text', text: 'Create' },
    blocks: [subjectInput],
    ...more,
  };
}

export const subjectInput = {
  type: 'input',
  block_id: 'subject',
  label: { type: 'plain_text', text: 'Subject' },
  element: { type: 'plain_text_input', action_id: 'subject' },
};

export const takeButton = {
  type: 'actions',
  block_id: 'do',
  elements: [{ type: 'button', action_id: 'take', value: 'TK-1', text: { type: 'plain_text', text: 'Take' } }],
};
