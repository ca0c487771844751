import { nextText, rolesOf } from './quote.ts';
import type { LineRole } from './quote.ts';
import { isSignatureDelimiter } from './signature.ts';
import { withoutMarks } from './quote-marks.ts';

export interface Reply {
  reply: string;
  quoted: string;
}

const MAX_ANALYSED_LENGTH = 256 * 1024;

/** What this sender newly wrote, and what they quoted. When in doubt a line counts as theirs. */
export function splitReply(text: string): Reply {
  const head = text.slice(0, MAX_ANALYSED_LENGTH);
  const tail = text.slice(MAX_ANALYSED_LENGTH);
  const lines = head.split('\n');
  const { roles, cutAt } = rolesOf(lines);
  const isOwn = ownLines(lines, roles, cutAt);
  const reply = pick(lines, (at) => isOwn[at] === true);
  const quoted = pick(lines, (at) => isOwn[at] !== true);
  // A tail beyond the limit belongs to whatever the analysed part ended in.
  const tailIsQuoted = cutAt < lines.length || roles.findLast((role) => role !== 'mark') === 'quote';
  return { reply: tailIsQuoted ? reply : reply + tail, quoted: tailIsQuoted ? quoted + withoutMarks(tail) : quoted };
}

function ownLines(lines: string[], roles: LineRole[], cutAt: number): boolean[] {
  const blocks = quoteBlocks(lines, roles, cutAt);
  const isOwn = lines.map((_, at) => at < cutAt && roles[at] !== 'mark');
  const isInterleaved = blocks.filter((block) => block.hasTextAfter).length > 1;
  for (const block of blocks) {
    const hideAll = isHidden(block, isInterleaved);
    // Who wrote the quotes is plain between answers; the line that says so is not the sender's.
    for (let at = block.first; at <= block.last; at++) if (hideAll || roles[at] === 'intro') isOwn[at] = false;
  }
  return isOwn;
}

interface Block {
  first: number;
  last: number;
  hasIntro: boolean;
  hasTextBefore: boolean;
  hasTextAfter: boolean;
}

/** Runs of quoted lines with their attribution; empty lines between quoted lines belong to the run. */
function quoteBlocks(lines: string[], roles: LineRole[], end: number): Block[] {
  const blocks: Block[] = [];
  let hasTextBefore = false;
  for (let at = nextText(lines, roles, 0); at < end; at = nextText(lines, roles, at + 1)) {
    if (roles[at] === 'own') {
      // A signature below the quote is no answer to it.
      if (blocks.length > 0 && isSignatureDelimiter(lines[at] ?? '')) break;
      hasTextBefore = true;
      const last = blocks.at(-1);
      if (last) last.hasTextAfter = true;
      continue;
    }
    const block = { first: at, last: at, hasIntro: roles[at] === 'intro', hasTextBefore, hasTextAfter: false };
    for (let next = at; next < end && roles[next] !== 'own'; next = nextText(lines, roles, next + 1)) {
      block.last = next;
      block.hasIntro ||= roles[next] === 'intro';
    }
    blocks.push(block);
    at = block.last;
  }
  return blocks;
}

/** Answers between the quotes make no sense without them; one quote above or below the answer is only history. */
function isHidden(block: Block, isInterleaved: boolean): boolean {
  return block.hasTextAfter ? block.hasIntro && !isInterleaved : block.hasTextBefore || block.hasIntro;
}

function pick(lines: string[], isWanted: (at: number) => boolean): string {
  const kept = lines.filter((_, at) => isWanted(at)).join('\n');
  return withoutMarks(kept)
    .replaceAll(/\n{3,}/g, '\n\n')
    .replace(/^\s*\n/, '')
    .trimEnd();
}
