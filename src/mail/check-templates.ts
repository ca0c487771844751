import { LANGUAGES, translator } from '#i18n.ts';
import { plainDocument } from '#text/document.ts';
import { composeMail, type OutgoingContent, type TemplateName } from './compose.ts';

const TEMPLATES: TemplateName[] = ['confirmation', 'reply', 'solved', 'follow_up', 'message'];

/** Renders every shipped mail in every language. */
export function checkTemplates(now: Date): { rendered: number; problems: string[] } {
  const problems: string[] = [];
  let rendered = 0;
  for (const language of LANGUAGES) {
    for (const template of TEMPLATES) {
      const found = problemsOf(template, language, now);
      problems.push(...found.map((words) => `${template} in ${language}: ${words}`));
      rendered += 1;
    }
  }
  return { rendered, problems };
}

function problemsOf(template: TemplateName, language: string, now: Date): string[] {
  const person = { name: 'Liisa', address: 'liisa@example.com' };
  const body = plainDocument('Hello');
  const content: OutgoingContent = {
    template,
    templateVersion: 1,
    language,
    timeZone: 'UTC',
    brand: { name: 'Support', colour: '#2f5d8c', logoUrl: null },
    ticket: { number: 'TK-1', subject: 'Printer' },
    person,
    agent: { name: 'Anna', signature: null },
    body,
    quoted: { from: person.name, at: now.toISOString(), body },
    isSolved: false,
    files: [],
    variables: { previousNumber: 'TK-0' },
  };
  const addressing = {
    messageId: '<1@example.com>',
    inReplyTo: null,
    references: [],
    from: { name: 'Support', address: 'support@example.com' },
    replyTo: 'support@example.com',
    to: [person],
    cc: [],
    date: now.toISOString(),
    automatic: null,
    instance: 'doctor',
  };
  try {
    const mail = composeMail(content, addressing, translator(language));
    return [...mail.problems, ...(mail.text.trim() === '' || mail.html.trim() === '' ? ['it is empty'] : [])];
  } catch (error) {
    return [(error as Error).message];
  }
}
