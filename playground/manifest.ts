import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Manifest {
  appName: string;
  /** Null: everything is granted. */
  scopes: string[] | null;
  /** Null: every event is sent. */
  botEvents: string[] | null;
  /** Null: any command may be typed. */
  commands: { command: string; description: string; usageHint: string; shouldEscape: boolean }[] | null;
  shortcuts: { callbackId: string; type: 'global' | 'message'; name: string }[] | null;
  isHomeOn: boolean;
  isMessagesTabOn: boolean;
  isInteractive: boolean;
  unfurlDomains: string[];
}

interface ManifestFile {
  display_information?: { name?: string };
  features?: {
    app_home?: { home_tab_enabled?: boolean; messages_tab_enabled?: boolean };
    bot_user?: { display_name?: string };
    slash_commands?: { command: string; description?: string; usage_hint?: string; should_escape?: boolean }[];
    shortcuts?: { callback_id: string; type: 'global' | 'message'; name: string }[];
    unfurl_domains?: string[];
  };
  oauth_config?: { scopes?: { bot?: string[] } };
  settings?: { event_subscriptions?: { bot_events?: string[] }; interactivity?: { is_enabled?: boolean } };
}

const EVERYTHING: Manifest = {
  appName: 'app',
  scopes: null,
  botEvents: null,
  commands: null,
  shortcuts: null,
  isHomeOn: true,
  isMessagesTabOn: true,
  isInteractive: true,
  unfurlDomains: [],
};

/** A path, YAML text, or nothing: then the app may do everything. */
export function readManifest(manifest: string | undefined): Manifest {
  if (manifest === undefined) return EVERYTHING;
  const text = manifest.includes('\n') ? manifest : readFileSync(manifest, 'utf8');
  const file = parse(text) as ManifestFile;
  const features = file.features ?? {};
  return {
    appName: features.bot_user?.display_name ?? file.display_information?.name ?? 'app',
    scopes: file.oauth_config?.scopes?.bot ?? [],
    botEvents: file.settings?.event_subscriptions?.bot_events ?? [],
    commands: (features.slash_commands ?? []).map((command) => ({
      command: command.command,
      description: command.description ?? '',
      usageHint: command.usage_hint ?? '',
      shouldEscape: command.should_escape ?? false,
    })),
    shortcuts: (features.shortcuts ?? []).map(({ callback_id, type, name }) => ({ callbackId: callback_id, type, name })),
    isHomeOn: features.app_home?.home_tab_enabled ?? false,
    isMessagesTabOn: features.app_home?.messages_tab_enabled ?? false,
    isInteractive: file.settings?.interactivity?.is_enabled ?? false,
    unfurlDomains: features.unfurl_domains ?? [],
  };
}

export function isGranted(manifest: Manifest, scope: string): boolean {
  return manifest.scopes === null || manifest.scopes.includes(scope);
}
