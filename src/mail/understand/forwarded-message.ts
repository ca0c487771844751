import { readBody } from './body.ts';
import type { Body } from './body.ts';
import { collectContent } from './content.ts';
import { readEnvelope } from './envelope.ts';
import { findForward } from './forward.ts';
import type { Forwarded } from './letter.ts';
import { readParts } from './mime.ts';
import type { Part } from './mime.ts';
import { withoutMarks } from './quote-marks.ts';
import { hasForwardPrefix, mayBeDanishForward, withoutForwardPrefix } from './subject.ts';

export interface ForwardSource {
  root: Part;
  body: Body;
  subject: string;
}

const MAX_COMMENT_LENGTH = 5_000;

/** The mail inside a forward, whether it is attached whole or written into the body. */
export function describeForward({ root, body, subject }: ForwardSource): Forwarded | null {
  const saysForward =
    hasForwardPrefix(subject) ||
    (mayBeDanishForward(subject) && /^[\s>*_]{0,10}(?:Fra|Från)\s?:/m.test(body.markedText.slice(0, MAX_COMMENT_LENGTH)));
  const attached = attachedMail(root, body, saysForward);
  if (attached) return attached;
  const inText = findForward(body.markedText, saysForward);
  const found = inText ?? (body.markedHtmlText === null ? null : findForward(body.markedHtmlText, saysForward));
  return found && { ...found, subject: found.subject || (saysForward ? withoutForwardPrefix(subject) : '') };
}

/** Exactly one attached mail, under a subject that says so or with hardly a word beside it. */
function attachedMail(root: Part, body: Body, saysForward: boolean): Forwarded | null {
  const mails = root.children.filter((part) => part.type.value === 'message/rfc822');
  const [mail] = mails;
  const comment = withoutMarks(body.markedText).trim();
  if (!mail || mails.length > 1 || root.type.value !== 'multipart/mixed' || comment.length > MAX_COMMENT_LENGTH) return null;
  if (!saysForward && comment !== '') return null;
  return readAttached(mail, comment);
}

function readAttached(mail: Part, message: string): Forwarded {
  const { root } = readParts(mail.content());
  const ignored = { add: (): void => undefined };
  const envelope = readEnvelope(root, ignored);
  const body = readBody(collectContent(root, ignored).sections);
  return {
    from: envelope.from,
    to: envelope.to,
    cc: envelope.cc,
    subject: envelope.subject,
    date: envelope.date ?? '',
    body: withoutMarks(body.markedText),
    message,
  };
}
