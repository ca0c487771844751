import type { Language } from '#text/language.ts';
import { type NameIndex, allowedForms, organizationIndex, personIndex } from './names.ts';

/** What the audience check must know of the desk. The indexes are costly to make and change seldom: make them once, keep them. */
export interface AudienceFacts {
  colleagues: NameIndex;
  colleagueHandles: ReadonlySet<string>;
  /** Words of names that may stand in any reply: the author's own, our brands and products. */
  allowed: ReadonlySet<string>;
  /** Hosts as they are, domains with a leading dot. */
  internalHosts: readonly string[];
  otherPeople: NameIndex;
  otherOrganizations: NameIndex;
  otherDomains: ReadonlySet<string>;
  otherAddresses: ReadonlySet<string>;
  ticketPrefixes: readonly string[];
  groupLanguage: string;
  detectLanguage?: (text: string) => Language | null;
}

export interface AudienceLists {
  colleagueNames: Iterable<string>;
  colleagueHandles: Iterable<string>;
  authorName: string | null;
  ownNames: Iterable<string>;
  internalHosts: Iterable<string>;
  otherPeople: Iterable<string>;
  otherOrganizations: Iterable<string>;
  otherDomains: Iterable<string>;
  otherAddresses: Iterable<string>;
  ticketPrefixes: Iterable<string>;
  groupLanguage: string;
  detectLanguage?: (text: string) => Language | null;
}

/** The message and the ticket it would answer. */
export interface AudienceSubject {
  hasFiles: boolean;
  number: string;
  language: string;
  requesterName: string | null;
  /** The requester's own company and its domains, which the lists of other customers may well hold. */
  organizationName?: string | null;
  ownDomains?: readonly string[];
}

export function audienceFacts(lists: AudienceLists): AudienceFacts {
  const { detectLanguage } = lists;
  return {
    colleagues: personIndex(lists.colleagueNames, { alone: true }),
    colleagueHandles: lowered(lists.colleagueHandles, (handle) => handle.replace(/^@/, '')),
    allowed: allowedForms([...(lists.authorName ? [lists.authorName] : []), ...lists.ownNames]),
    internalHosts: [...lowered(lists.internalHosts)],
    otherPeople: personIndex(lists.otherPeople, { alone: false }),
    otherOrganizations: organizationIndex(lists.otherOrganizations),
    otherDomains: lowered(lists.otherDomains),
    otherAddresses: lowered(lists.otherAddresses),
    ticketPrefixes: [...lists.ticketPrefixes],
    groupLanguage: lists.groupLanguage,
    ...(detectLanguage ? { detectLanguage } : {}),
  };
}

function lowered(words: Iterable<string>, change: (word: string) => string = (word) => word): Set<string> {
  return new Set([...words].map((word) => change(word).trim().toLowerCase()).filter((word) => word !== ''));
}
