import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { newToken } from './ids.ts';
import type { JsonObject } from './state.ts';
import { word } from './words.ts';
import { type World, now } from './world.ts';

export interface Outgoing {
  envelope: JsonObject;
  acked: (payload: JsonObject) => void;
  /** In HTTP mode, an answer that is none. */
  failed: (reason: string) => void;
}

export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

interface Pending extends Outgoing {
  /** Null while it waits for the app to connect again. */
  connection: WebSocket | null;
  sentAt: number;
}

interface Frame {
  envelope_id?: string;
  payload?: JsonObject;
}

const MAX_CONNECTIONS = 10;
const MAX_FRAME_BYTES = 20_480;
const FRAME_TOO_LONG = 1009;
const CONNECTION_SECONDS = 18_060;
const DEBUG_CONNECTION_SECONDS = 360;
const WARNING_MILLISECONDS = 10_000;
const MILLISECONDS = 1_000;
const REFUSED = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';
const HOST = 'applink-playground';

/** The app's connections, and what was sent over them and not acked yet. */
export class Sockets {
  readonly #world: () => World;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #connections = new Set<WebSocket>();
  readonly #tickets = new Set<string>();
  readonly #pending = new Map<string, Pending>();
  readonly #held: (() => void)[] = [];
  #announced = 0;
  #refusedUntil = 0;
  #wasEverConnected = false;

  constructor(world: () => World) {
    this.#world = world;
  }

  count(): number {
    return this.#connections.size;
  }

  /** Before the app's first connection nobody keeps events for it. */
  wasEverConnected(): boolean {
    return this.#wasEverConnected;
  }

  /** A one-use address for the app's next connection. */
  ticket(): string {
    const world = this.#world();
    const ticket = newToken(world.state);
    this.#tickets.add(ticket);
    return `${world.url.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${world.state.app.id}`;
  }

  isFull(): boolean {
    return this.#connections.size >= MAX_CONNECTIONS;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const world = this.#world();
    const asked = new URL(request.url ?? '/', world.url).searchParams;
    const hasTicket = this.#tickets.delete(asked.get('ticket') ?? '');
    const isRefused = now(world) < this.#refusedUntil || !world.state.app.isSocketModeOn || this.isFull();
    if (!hasTicket || isRefused) return void socket.end(REFUSED);
    this.#server.handleUpgrade(request, socket, head, (connection) =>
      this.#connected(connection, asked.get('debug_reconnects') === 'true'),
    );
  }

  /** False when there is no connection. */
  send(outgoing: Outgoing): boolean {
    const entry: Pending = { ...outgoing, connection: null, sentAt: now(this.#world()) };
    if (!this.#transmit(entry)) return false;
    this.#pending.set(word(outgoing.envelope['envelope_id']), entry);
    return true;
  }

  forget(envelopeId: string): void {
    this.#pending.delete(envelopeId);
  }

  /** An event is about to be sent… */
  announce(): void {
    this.#announced += 1;
  }

  /** …and now it is. */
  announced(): void {
    this.#announced -= 1;
  }

  /** Nothing is on its way to the app or waits for its ack. */
  isQuiet(): boolean {
    return this.#announced === 0 && this.#pending.size === 0;
  }

  /** Keeps an event back until `release`. */
  hold(send: () => void): void {
    this.#held.push(send);
  }

  release(order: 'forwards' | 'backwards' = 'forwards'): void {
    const waiting = this.#held.splice(0);
    for (const send of order === 'forwards' ? waiting : waiting.toReversed()) send();
  }

  /** Asks the app to connect again, over all its connections or the oldest ones; a warning comes ten seconds before the request. */
  disconnect(reason: DisconnectReason = 'refresh_requested', howMany = MAX_CONNECTIONS): void {
    this.#tell([...this.#connections].slice(0, howMany), reason);
  }

  /** Closes every connection, or the oldest ones, without a word. */
  cut(howMany = MAX_CONNECTIONS): void {
    for (const connection of [...this.#connections].slice(0, howMany)) connection.terminate();
  }

  /** The line to the oldest connections is dead, and nobody is told: nothing more is read from them. */
  freeze(howMany = MAX_CONNECTIONS): void {
    for (const connection of [...this.#connections].slice(0, howMany)) connection.pause();
  }

  /** Lets nobody connect for a while. */
  refuse(milliseconds: number): void {
    this.#refusedUntil = now(this.#world()) + milliseconds;
  }

  /** Socket Mode, as switched in the app's settings. */
  switch(isOn: boolean): void {
    this.#world().state.app.isSocketModeOn = isOn;
    if (!isOn) this.disconnect('link_disabled');
  }

  stop(): void {
    this.cut();
    this.#pending.clear();
    this.#server.close();
  }

  #transmit(entry: Pending): boolean {
    const open = [...this.#connections];
    const connection = open[Math.floor(Math.random() * open.length)];
    if (!connection) return false;
    entry.connection = connection;
    entry.sentAt = now(this.#world());
    connection.send(JSON.stringify(entry.envelope));
    return true;
  }

  #connected(connection: WebSocket, isDebugging: boolean): void {
    const world = this.#world();
    connection.on('message', (data: Buffer) => this.#received(connection, data));
    connection.on('close', () => this.#closed(connection));
    connection.on('error', () => connection.terminate());
    this.#connections.add(connection);
    this.#wasEverConnected = true;
    connection.send(
      JSON.stringify(hello(world, { connections: this.count(), seconds: isDebugging ? DEBUG_CONNECTION_SECONDS : CONNECTION_SECONDS })),
    );
    if (isDebugging)
      world.timers.after(DEBUG_CONNECTION_SECONDS * MILLISECONDS - WARNING_MILLISECONDS, () => this.#tell([connection], 'warning'));
    world.bus.changed('connected', { connections: this.count() });
    for (const entry of this.#pending.values()) if (entry.connection === null) this.#transmit(entry);
  }

  #closed(connection: WebSocket): void {
    if (!this.#connections.delete(connection)) return;
    this.#world().bus.changed('disconnected', { connections: this.count() });
    for (const entry of this.#pending.values()) {
      if (entry.connection !== connection) continue;
      entry.connection = null;
      this.#transmit(entry);
    }
  }

  #received(connection: WebSocket, data: Buffer): void {
    const world = this.#world();
    if (data.byteLength > MAX_FRAME_BYTES) {
      world.recorder.problem('frame_too_long', `${data.byteLength} bytes`);
      connection.close(FRAME_TOO_LONG, `Max frame length of ${MAX_FRAME_BYTES} has been exceeded.`);
      return this.#closed(connection);
    }
    const frame = JSON.parse(data.toString('utf8')) as Frame;
    const entry = this.#pending.get(frame.envelope_id ?? '');
    this.#pending.delete(frame.envelope_id ?? '');
    recordAck(world, frame, entry);
    entry?.acked(frame.payload ?? {});
  }

  #tell(connections: WebSocket[], reason: DisconnectReason): void {
    const world = this.#world();
    const goodbye = { type: 'disconnect', reason, debug_info: { host: HOST }, connection_info: { app_id: world.state.app.id } };
    for (const connection of connections) if (this.#connections.has(connection)) connection.send(JSON.stringify(goodbye));
    if (reason === 'warning') world.timers.after(WARNING_MILLISECONDS, () => this.#tell(connections, 'refresh_requested'));
  }
}

function hello(world: World, { connections, seconds }: { connections: number; seconds: number }): object {
  return {
    type: 'hello',
    num_connections: connections,
    debug_info: { host: HOST, build_number: 10, approximate_connection_time: seconds },
    connection_info: { app_id: world.state.app.id },
  };
}

function recordAck(world: World, frame: Frame, entry: Pending | undefined): void {
  const sent = (entry?.envelope['payload'] ?? {}) as JsonObject;
  const event = sent['event'] as JsonObject | undefined;
  world.recorder.call({
    method: 'ack',
    kind: entry ? word(event?.['type'] ?? sent['command'] ?? sent['type']) : 'unknown',
    body: frame.payload ?? {},
    ok: entry !== undefined,
    t: now(world),
    envelope_id: frame.envelope_id ?? '',
    ...(entry ? { received_at: entry.sentAt } : {}),
  });
  world.bus.changed('ack', { envelopeId: frame.envelope_id });
}
