import { attributionEndingAt } from './attribution.ts';
import { isForwardDivider, isOriginalDivider, isOwnMarker, isRule } from './divider.ts';
import { headerBlockAt } from './header-block.ts';
import { isMark, MAYBE_QUOTE, QUOTE_CLOSES, QUOTE_OPENS, QUOTE_TO_END } from './quote-marks.ts';

/** What each line of a reply is: the sender's own, quoted, or the line that introduces a quote. */
export type LineRole = 'own' | 'quote' | 'intro' | 'mark';

export interface Roles {
  roles: LineRole[];
  /** First line of an earlier mail that runs to the end; lines.length where there is none. */
  cutAt: number;
}

const MAX_LINES_BETWEEN = 3;

export function rolesOf(lines: string[]): Roles {
  const roles: LineRole[] = lines.map((line) => (isMark(line.replace(/^[\s>]+/, '')) ? 'mark' : isQuoted(line) ? 'quote' : 'own'));
  const containers = quoteContainers(lines);
  markContainers(lines, roles, containers);
  markAttributions(lines, roles);
  return { roles, cutAt: findCut(lines, roles) };
}

function isQuoted(line: string): boolean {
  return /^\s{0,8}(?:>(?!\s*:\s*$)|\|\s)/.test(line);
}

interface Container {
  opens: number;
  closes: number;
}

/** The elements that HTML mail wraps round what it quotes. */
function quoteContainers(lines: string[]): Container[] {
  const containers: Container[] = [];
  const open: number[] = [];
  for (const [at, line] of lines.entries()) {
    const mark = line.at(-1);
    if (mark === QUOTE_OPENS) open.push(at);
    else if (mark === QUOTE_CLOSES) {
      const opens = open.pop();
      if (opens !== undefined && open.length === 0) containers.push({ opens, closes: at });
    }
  }
  const [unclosed] = open;
  return unclosed === undefined ? containers : [...containers, { opens: unclosed, closes: lines.length }];
}

/** In a container, what stands above the quote proper introduces it; without `>` lines the whole container is quoted. */
function markContainers(lines: string[], roles: LineRole[], containers: Container[]): void {
  for (const { opens, closes } of containers) {
    const firstText = nextText(lines, roles, opens + 1);
    if (firstText < closes && isForwardDivider(lines[firstText] ?? '')) continue;
    const firstQuote = roles.indexOf('quote', opens);
    const hasQuote = firstQuote !== -1 && firstQuote < closes;
    const end = hasQuote ? firstQuote : closes;
    for (let at = opens; at < end; at++) if (roles[at] === 'own') roles[at] = hasQuote ? 'intro' : 'quote';
  }
}

function markAttributions(lines: string[], roles: LineRole[]): void {
  for (let at = 0; at < lines.length; at++) {
    if (roles[at] !== 'own') continue;
    const attribution = attributionEndingAt(lines, at);
    if (!attribution || roles.slice(attribution.first, at).includes('quote')) continue;
    const next = nextText(lines, roles, at + 1);
    const isAboveQuote = roles[next] === 'quote' || roles[next] === 'intro';
    if (attribution.isVague && !isAboveQuote) continue;
    for (let line = attribution.first; line <= at; line++) roles[line] = 'intro';
  }
}

/** The first place from which everything is an earlier mail. */
function findCut(lines: string[], roles: LineRole[]): number {
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (roles[at] === 'mark') {
      if (line.endsWith(QUOTE_TO_END)) return at;
      if (line.endsWith(MAYBE_QUOTE) && opensHeaderBlock(lines, roles, at + 1)) return at;
      continue;
    }
    if (roles[at] === 'quote') continue;
    if (isOwnMarker(line)) return at;
    if (isOriginalDivider(line)) return at;
    if (isRule(line) && opensHeaderBlock(lines, roles, at + 1)) return at;
    if (roles[at] === 'own' && headerBlockAt(lines, at) && !followsForwardDivider(lines, roles, at)) return at;
    if (roles[at] === 'intro' && roles[at + 1] !== 'intro' && runsToEnd(lines, roles, at)) {
      const start = startOfIntro(roles, at);
      // With nothing above it, what stands below is all the sender can have written.
      if (nextText(lines, roles, 0) < start) return start;
    }
  }
  return lines.length;
}

/** Some programs quote without `>`: after their attribution nothing is the sender's own. */
function runsToEnd(lines: string[], roles: LineRole[], intro: number): boolean {
  return roles[nextText(lines, roles, intro + 1)] === 'own';
}

function startOfIntro(roles: LineRole[], at: number): number {
  let first = at;
  while (first > 0 && roles[first - 1] === 'intro') first--;
  return first;
}

function opensHeaderBlock(lines: string[], roles: LineRole[], from: number): boolean {
  const next = nextText(lines, roles, from);
  return next - from <= MAX_LINES_BETWEEN && next < lines.length && headerBlockAt(lines, next) !== null;
}

function followsForwardDivider(lines: string[], roles: LineRole[], at: number): boolean {
  for (let above = at - 1; above >= 0 && above >= at - MAX_LINES_BETWEEN; above--) {
    const line = lines[above] ?? '';
    if (line.trim() === '' || roles[above] === 'mark') continue;
    return isForwardDivider(line);
  }
  return false;
}

export function nextText(lines: string[], roles: LineRole[], from: number): number {
  let at = from;
  while (at < lines.length && ((lines[at] ?? '').trim() === '' || roles[at] === 'mark')) at++;
  return at;
}
