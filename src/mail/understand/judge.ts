import { automaticSigns } from './automatic.ts';
import { partText } from './content.ts';
import { readBounce } from './bounce.ts';
import type { Envelope } from './envelope.ts';
import { parseAddresses } from './addresses.ts';
import { allHeaders } from './header.ts';
import type { Bounce, Letter, LetterKind, UnderstandingContext } from './letter.ts';
import type { Part } from './mime.ts';
import { isRelayed } from './requester.ts';
import { deliveryStatusParts, reportKind, returnedPart } from './report.ts';

export type Judgement = Pick<Letter, 'kind' | 'suppressAutoReply' | 'reasons' | 'bounce'>;

interface Judged {
  root: Part;
  envelope: Envelope;
  text: string;
}

/** What kind of mail it is, whether a machine may answer it, and why. */
export function judge(mail: Judged, context: UnderstandingContext): Judgement {
  const { root, envelope, text } = mail;
  const signs = automaticSigns(
    {
      headers: root.headers,
      fromAddress: envelope.from.address,
      isRelayed: isRelayed({ headers: root.headers, from: envelope.from, replyTo: envelope.replyTo }, context),
      isReply: envelope.inReplyTo !== null || envelope.references.length > 0,
      subject: envelope.subject,
      messageId: envelope.messageId,
      returnPath: envelope.returnPath,
    },
    context,
  );
  const report = reportKind({
    root,
    fromAddress: envelope.from.address,
    fromName: envelope.from.name,
    subject: envelope.subject,
    text,
    hasNullSender: context.envelopeFrom === '' || envelope.returnPath === '',
  });
  const reasons = [...(report ? [`a ${report.replace('_', ' ')}`] : []), ...signs.map((sign) => sign.reason)];
  const kind = report ?? kindFrom(new Set(signs.map((sign) => sign.says)));
  return {
    kind,
    suppressAutoReply: reasons.length > 0,
    reasons: [...new Set(reasons)],
    bounce: kind === 'bounce' ? bounceOf(mail, context) : null,
  };
}

function kindFrom(says: Set<string>): LetterKind {
  // From may be ours and the mail a machine's answer all the same: then nobody wrote it.
  const order = ['spam', 'auto_reply', 'own', 'bulk'] as const;
  return order.find((kind) => says.has(kind)) ?? 'message';
}

function bounceOf({ root, envelope, text }: Judged, context: UnderstandingContext): Bounce {
  const ignored = { add: (): void => undefined };
  const returned = returnedPart(root);
  return readBounce({
    text,
    deliveryStatus: deliveryStatusParts(root).map((part) => partText(part, ignored)),
    failedRecipients: allHeaders(root.headers, 'x-failed-recipients')
      .flatMap((value) => parseAddresses(value))
      .map((mailbox) => mailbox.address),
    original: returned === null ? '' : returned.content().subarray(0, 100_000).toString('latin1'),
    ownAddresses: [...context.ownAddresses, envelope.from.address, ...envelope.to.map((mailbox) => mailbox.address)],
  });
}
