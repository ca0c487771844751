import { checkBackup } from './backup/check.ts';
import { megabytes } from './backup/report.ts';
import { EXIT } from './exit.ts';
import type { Terminal } from './output.ts';

const HOUR_MS = 3_600_000;

/** One backup, read whole and not restored. */
export async function doctorBackup(folder: string, { out, tell }: Terminal): Promise<number> {
  const { manifest, problems, isNewer } = await checkBackup(folder, tell);
  const all = isNewer ? [...problems, 'It was made by a newer program: this one cannot restore it.'] : problems;
  const ageHours = Math.round((Date.now() - manifest.at.getTime()) / HOUR_MS);
  const { database, files, secret, counts, program } = manifest;
  if (out.isJson) out(JSON.stringify({ ok: all.length === 0, folder, at: manifest.at, ageHours, program, counts, problems: all }));
  else {
    out(`Backup of ${manifest.at.toISOString()} (${ageHours} hours old), made by Tiketti ${program}`);
    out(
      `  database ${database ? megabytes(database.bytes) : 'not in it'}, files ${files ? `${files.count}, ${megabytes(files.bytes)}` : 'not in it'}, secret ${secret ? 'in it' : 'not in it'}`,
    );
    if ((files?.missing.length ?? 0) > 0) out(`  ${files?.missing.length} files were gone already when it was made.`);
    for (const problem of all) out(`WRONG: ${problem}`);
    out(all.length === 0 ? 'Every checksum is right; it can be restored.' : 'Do not rely on it: make another one.');
  }
  if (isNewer && problems.length === 0) return EXIT.config;
  return all.length === 0 ? EXIT.ok : EXIT.failed;
}
