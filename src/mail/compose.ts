import { Failure } from '#failure.ts';
import type { Translate } from '#i18n.ts';
import { customLetter } from './compose-custom.ts';
import type { Letter } from './compose-custom.ts';
import { subjectLine } from './compose-subject.ts';
import { previewOf, viewOf } from './compose-view.ts';
import type { View } from './compose-view.ts';
import type { Addressing, OutgoingContent, RenderedMail } from './outgoing.ts';
import { shippedTemplate } from './templates.ts';

export { TEMPLATE_VERSION } from './outgoing.ts';
export { checkCustomTemplate } from './compose-custom.ts';
export type { Address, Addressing, CustomTemplate, FileLabel, OutgoingContent, RenderedMail, TemplateName } from './outgoing.ts';

interface Wording {
  letter: Letter;
  problems: string[];
}

/** What was frozen at release, as the words of one mail. The same content gives the same words. */
export function composeMail(content: OutgoingContent, addressing: Addressing, t: Translate): RenderedMail {
  const view = viewOf(content, t);
  const { letter, problems } = wordingOf(content, view, t);
  const subject = subjectLine({
    subject: letter.subject,
    number: view.ticket.number,
    isAnswer: addressing.inReplyTo !== null && letter.subject === view.ticket.subject,
    isTagged: content.template !== 'message',
  });
  const isAutomatic = addressing.automatic !== null;
  const envelope = { ...view, subject, isAutomatic, preview: previewOf(letter.text) };
  const layout = content.template === 'message' ? 'plain' : 'layout';
  return {
    subject,
    html: shippedTemplate(layout, 'html')({ ...envelope, content: letter.html }, t),
    text: tidy(shippedTemplate(layout, 'text')({ ...envelope, content: letter.text }, t)),
    language: view.language,
    problems,
  };
}

/** A customer's mail never waits for an admin's typing error: the shipped words go instead, and the problem is told. */
function wordingOf(content: OutgoingContent, view: View, t: Translate): Wording {
  if (!content.custom) return { letter: shippedLetter(content, view, t), problems: [] };
  try {
    return { letter: customLetter(content, content.custom, { view, t }), problems: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { letter: shippedLetter(content, view, t), problems: [error.message] };
  }
}

function shippedLetter(content: OutgoingContent, view: View, t: Translate): Letter {
  const name = content.template === 'message' ? 'reply' : content.template;
  return {
    subject: view.ticket.subject,
    html: shippedTemplate(name, 'html')(view, t).trim(),
    text: tidy(shippedTemplate(name, 'text')(view, t)).trim(),
  };
}

function tidy(text: string): string {
  const lines = text
    .toWellFormed()
    .replace(/\r\n|\r/gu, '\n')
    .replaceAll('\0', '');
  return `${lines.replace(/\n{4,}/gu, '\n\n\n').trim()}\n`;
}
