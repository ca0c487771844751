import { section } from './card.ts';

/** A modal that only says something. `close` is the word on its one button. */
export function wordsView(text: string, close?: string) {
  return {
    type: 'modal' as const,
    title: { type: 'plain_text' as const, text: 'Tiketti' },
    ...(close ? { close: { type: 'plain_text' as const, text: close } } : {}),
    blocks: [section(text) as { type: 'section'; text: { type: 'mrkdwn'; text: string } }],
  };
}
