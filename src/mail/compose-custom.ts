import { Failure } from '#failure.ts';
import type { Translate } from '#i18n.ts';
import { cleanedHtml } from './compose-clean.ts';
import { personName } from './person-name.ts';
import type { View } from './compose-view.ts';
import { linesHtml } from './document-html.ts';
import { oneLine } from './one-line.ts';
import type { CustomTemplate, OutgoingContent, TemplateName } from './outgoing.ts';
import { customTemplate, placeholdersIn } from './templates.ts';

export interface Letter {
  subject: string;
  html: string;
  text: string;
}

const PLACEHOLDERS = 'brand.name ticket.number ticket.subject person.name agent.name agent.signature greeting body previousNumber'.split(
  ' ',
);
// Handlebars has a meaning of its own for the words at the start.
const VARIABLE_NAME = /^(?!(?:this|if|unless|t|true|false|null|undefined)$)[a-z_]\w{0,60}$/iu;
const MAX_VARIABLE_CHARACTERS = 10_000;

/** Throws a `Failure` that says what an admin has to mend; run on every save, so that a broken template is not found out by a customer. */
export function checkCustomTemplate(template: TemplateName, custom: CustomTemplate, variables: readonly string[]): void {
  const known = knownNames(variables);
  for (const source of [custom.subject, custom.text]) customTemplate(source, known, 'text');
  if (custom.html !== null) customTemplate(custom.html, known, 'html');
  if (template !== 'reply' && template !== 'message') return;
  const carriers = custom.html === null ? [custom.text] : [custom.text, custom.html];
  if (!carriers.every((source) => placeholdersIn(source).has('body'))) throw new Failure('template.body_missing');
}

export function customLetter(content: OutgoingContent, custom: CustomTemplate, { view, t }: { view: View; t: Translate }): Letter {
  checkCustomTemplate(content.template, custom, Object.keys(content.variables));
  const known = knownNames(Object.keys(content.variables));
  const plain = contextOf(content, view, view.body?.text ?? '');
  const text = customTemplate(custom.text, known, 'text')(plain, t).trim();
  const subject = oneLine(customTemplate(custom.subject, known, 'text')(plain, t), Number.POSITIVE_INFINITY);
  if (custom.html === null) return { subject, text, html: paragraphs(text) };
  const rich = contextOf(content, view, safe(view.body?.html ?? ''));
  return { subject, text, html: cleanedHtml(customTemplate(custom.html, known, 'html')(rich, t), view.brand.logoUrl) };
}

function knownNames(variables: readonly string[]): Set<string> {
  const names = variables.filter((name) => VARIABLE_NAME.test(name));
  return new Set([...PLACEHOLDERS, ...names.flatMap((name) => [name, `variables.${name}`])]);
}

function contextOf(content: OutgoingContent, view: View, body: unknown): Record<string, unknown> {
  const variables = Object.fromEntries(
    Object.entries(content.variables).map(([name, value]) => [name, value.toWellFormed().slice(0, MAX_VARIABLE_CHARACTERS)]),
  );
  return {
    ...variables,
    variables,
    brand: { name: view.brand.name },
    ticket: { number: view.ticket.number, subject: view.ticket.subject },
    person: { name: personName(content.person.name) },
    agent: { name: content.agent.name ?? '', signature: content.agent.signature ?? '' },
    greeting: view.greeting,
    body,
    previousNumber: view.previousNumber,
  };
}

/** Handlebars' own mark for "already escaped": an object it may ask for its HTML. */
function safe(html: string): unknown {
  return html && { toHTML: () => html, toString: () => html };
}

function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/u)
    .map((part) => `<p dir="auto" style="margin:0 0 16px">${linesHtml(part)}</p>`)
    .join('\n');
}
