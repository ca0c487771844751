import { readFileSync } from 'node:fs';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const KEPT = ['_metadata', 'display_information', 'features', 'oauth_config', 'settings'];
const WORDS = new Set(['description', 'title', 'examples', 'markdownDescription']);
const UNUSED = new Set(['functions', 'workflow_steps', 'assistant_view', 'agent_view', 'siws_links', 'search', 'rich_previews']);

/** The schema without its prose and without the parts a ticket bot has no use for. */
export function manifestFacts(file: string): object {
  const schema = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Json>;
  const definitions = schema['definitions'] as Record<string, Json>;
  const properties = schema['properties'] as Record<string, Json>;
  const kept = { $schema: { type: 'string' }, ...Object.fromEntries(KEPT.map((key) => [key, withoutProse(properties[key] ?? {})])) };
  return {
    $schema: schema['$schema'] ?? '',
    type: 'object',
    required: schema['required'] ?? [],
    additionalProperties: false,
    properties: kept,
    definitions: reachable(kept, definitions),
  };
}

function reachable(from: Json, definitions: Record<string, Json>, found: Record<string, Json> = {}): Record<string, Json> {
  for (const [, name] of JSON.stringify(from).matchAll(/"#\/definitions\/([^"]+)"/g)) {
    if (!name || name in found) continue;
    found[name] = withoutProse(definitions[name] ?? {});
    reachable(found[name], definitions, found);
  }
  return found;
}

function withoutProse(node: Json, isNames = false): Json {
  if (Array.isArray(node)) return node.map((entry) => withoutProse(entry));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).filter(([key]) => (isNames ? !UNUSED.has(key) : !WORDS.has(key)));
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutProse(value, key === 'properties' && !isNames)]));
}
