import type { Body } from './body.ts';
import { withoutMarks } from './quote-marks.ts';
import { splitReply } from './reply.ts';
import type { Reply } from './reply.ts';
import { splitSignature } from './signature.ts';

export interface NewText {
  replyText: string;
  quotedText: string;
  signature: string;
}

/** What the sender newly wrote: nothing, where the mail is only a quote. A forward is wholly the sender's. */
export function newText(body: Body, mail: { isReply: boolean; isForward: boolean }): NewText {
  const whole = withoutMarks(body.markedText);
  const { reply, quoted } = mail.isReply && !mail.isForward ? bestSplit(body) : { reply: whole, quoted: '' };
  const { body: replyText, signature } = splitSignature(reply);
  return { replyText: replyText.trim(), quotedText: quoted.trim(), signature };
}

/** The plain text where it shows its quotes; the HTML where only that does. */
function bestSplit(body: Body): Reply {
  const plain = splitReply(body.markedText);
  if (plain.quoted.trim() !== '' || body.markedHtmlText === null) return plain;
  const html = splitReply(body.markedHtmlText);
  return html.quoted.trim() !== '' && html.reply.trim() !== '' ? html : plain;
}
