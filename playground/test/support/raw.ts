import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { JsonObject } from '../../state.ts';
import type { Playground } from '../../workspace.ts';
import { callApi } from './api.ts';

export interface Envelope {
  type: string;
  envelope_id: string;
  accepts_response_payload: boolean;
  retry_attempt?: number;
  retry_reason?: string;
  reason?: string;
  num_connections?: number;
  payload: JsonObject;
}

export interface RawApp {
  socket: WebSocket;
  /** Everything received, hello and disconnect too. */
  received: Envelope[];
  closed: { code: number; reason: string }[];
  payloads(kind: string): JsonObject[];
  events(type: string): JsonObject[];
  ack(envelopeId: string, payload?: JsonObject): void;
}

/** An app without Bolt: acks what `answer` gives, and stays silent where it gives undefined. */
export async function connectRaw(
  playground: Playground,
  answer: (envelope: Envelope) => JsonObject | undefined = () => ({}),
): Promise<RawApp> {
  const opened = await callApi(playground, 'apps.connections.open', { as: playground.appToken });
  const socket = new WebSocket(String(opened['url']));
  const received: Envelope[] = [];
  const closed: RawApp['closed'] = [];
  const ack = (envelopeId: string, payload: JsonObject = {}): void => socket.send(JSON.stringify({ envelope_id: envelopeId, payload }));
  socket.on('message', (data: Buffer) => {
    const envelope = JSON.parse(data.toString('utf8')) as Envelope;
    received.push(envelope);
    if (envelope.type === 'disconnect' && envelope.reason !== 'warning') socket.close();
    const payload = envelope.payload === undefined ? undefined : answer(envelope);
    if (payload !== undefined) ack(envelope.envelope_id, payload);
  });
  socket.on('close', (code, reason) => closed.push({ code, reason: reason.toString('utf8') }));
  await once(socket, 'message');
  const payloads = (kind: string): JsonObject[] =>
    received
      .filter(({ payload }) => payload && kind === (payload['command'] ? 'slash_command' : payload['type']))
      .map(({ payload }) => payload);
  return {
    socket,
    received,
    closed,
    payloads,
    events: (type) =>
      payloads('event_callback')
        .map((payload) => payload['event'] as JsonObject)
        .filter((event) => nameOf(event) === type),
    ack,
  };
}

export function nameOf(event: JsonObject): string {
  return [event['type'], event['subtype']].filter((part) => typeof part === 'string').join('.');
}
