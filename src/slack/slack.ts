import type { Commits } from '#jobs/commits.ts';
import type { Gate, Lanes } from './lanes.ts';

/** What code that talks to the workspace needs beside the desk. */
export interface Slack {
  lanes: Lanes;
  commits: Commits;
  /** This process among those that share the workspace's events. */
  node: string;
  team: { id: string };
  bot: { userId: string; botId: string };
  /** Does Slack take our token? Every call asks here by itself. */
  access: Gate;
  /** Was the connection whole from then on until now? When not, what people did meanwhile is read again. */
  wasHealthySince(at: Date): boolean;
  /** Is this an address of Slack itself? Nobody else is shown our token. */
  isOwnUrl(url: string): boolean;
  /** The bytes of a file in Slack. Throws for any other address, and when Slack answers with a sign-in page instead. */
  download(url: string): Promise<Uint8Array>;
  /** Answers at an address a command came with. Throws when it has expired. */
  respond(url: string, message: Message): Promise<void>;
  /** Sends bytes to an upload address Slack gave. */
  upload(url: string, bytes: Uint8Array, filename: string): Promise<void>;
}

/** A message as Slack takes it. `text` is what notifications and screen readers say. */
export interface Message {
  text: string;
  blocks?: Block[];
}

export type Block = Record<string, unknown> & { type: string };
