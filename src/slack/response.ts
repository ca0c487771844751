import type { Translate } from '#i18n.ts';
import { parkedAt } from '#tickets/restored.ts';

/** What a server said, as it said it; what Tiketti itself wrote in its place, in the reader's language. */
export function responseText(t: Translate, response: string | null): string {
  const at = parkedAt(response);
  return at ? t('slack:line.parked_response', { time: at.toISOString().slice(0, 16).replace('T', ' ') }) : (response ?? '');
}
