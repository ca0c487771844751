import { and, asc, gt, isNotNull } from 'drizzle-orm';
import type { Reader } from '#db/database.ts';

const PAGE = 10_000;
const MAX_PAGES = 10_000;

/** The digest of every content that a row names: attachments, and raw mails too large for a row. */
export async function namedContents(reader: Reader): Promise<string[]> {
  const { files, mails } = reader.tables;
  const names = new Set<string>();
  let last = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const rows = await reader
      .select({ id: files.id, sha256: files.sha256 })
      .from(files)
      .where(gt(files.id, last))
      .orderBy(asc(files.id))
      .limit(PAGE);
    for (const { id, sha256 } of rows) {
      names.add(sha256);
      last = id;
    }
    if (rows.length < PAGE) break;
  }
  last = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const rows = await reader
      .select({ id: mails.id, sha256: mails.rawFile })
      .from(mails)
      .where(and(isNotNull(mails.rawFile), gt(mails.id, last)))
      .orderBy(asc(mails.id))
      .limit(PAGE);
    for (const { id, sha256 } of rows) {
      if (sha256) names.add(sha256);
      last = id;
    }
    if (rows.length < PAGE) break;
  }
  return [...names].toSorted();
}
