import type { JsonObject, Message, Typed } from './state.ts';

/** A message as history answers it. */
export interface ShownMessage extends Omit<Message, 'reactions' | 'fileIds'> {
  reactions?: { name: string; users: string[]; count: number }[];
  files?: JsonObject[];
  bot_profile?: JsonObject;
  reply_count?: number;
  reply_users?: string[];
  reply_users_count?: number;
  latest_reply?: string;
  is_locked?: boolean;
  subscribed?: boolean;
}

/** A view as views.open answers it, and what stands under its fields in red. */
export interface ShownView {
  id: string;
  type: 'modal' | 'home';
  callback_id: string;
  external_id: string;
  private_metadata: string;
  title: { type: string; text: string };
  submit: { type: string; text: string } | null;
  close: { type: string; text: string } | null;
  blocks: JsonObject[];
  state: { values: Typed };
  hash: string;
  root_view_id: string;
  previous_view_id: string | null;
  errors: Record<string, string>;
}
