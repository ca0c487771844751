import { existsSync } from 'node:fs';
import { DAY, later, systemClock } from '#clock.ts';
import { filePath, type Places, readDataConfig, readPlaces } from '#config.ts';
import { keptSecrets, newSecret, readSecrets, replaceSecrets, secretPath, secretsIn, whileRotating } from '#config/secret.ts';
import { isPostgres } from '#db/open.ts';
import { isServed } from '#jobs/presence.ts';
import { resealAll } from '#tickets/sealed.ts';
import { openDesk } from '../main/open-desk.ts';
import { EXIT } from './exit.ts';
import type { Output } from './output.ts';

export interface RotateOptions {
  keepDays: number;
  forgetOld: boolean;
}

type Environment = Record<string, string | undefined>;

/** A new secret becomes the current one. What the old one signed is accepted for a while; what it sealed is sealed anew. */
export async function rotateSecret(environment: Environment, options: RotateOptions, out: Output): Promise<number> {
  const places = readPlaces(environment);
  if (places.TIKETTI_SECRET) return tellSteps(places, options, out);
  const path = secretPath(filePath(places.DATABASE_URL));
  return whileRotating(path, () => rotateFile({ environment, path, out }, options));
}

interface Rotating {
  environment: Environment;
  path: string;
  out: Output;
}

async function rotateFile({ environment, path, out }: Rotating, { keepDays, forgetOld }: RotateOptions): Promise<number> {
  const database = filePath(readDataConfig(environment).DATABASE_URL);
  if (!existsSync(path)) keptSecrets(database, systemClock.now());
  const isRunning = await isServerRunning(environment);
  if (isRunning && forgetOld) {
    out('A server is running and would go on signing with the old secret. Stop it, rotate with --forget-old, and start it again.');
    return EXIT.temporary;
  }
  const now = systemClock.now();
  const before = readSecrets(path);
  const ended = { secret: before.current, endedAt: now, until: later(now, keepDays * DAY) };
  const older = [ended, ...before.older.filter(({ until }) => until > now)];
  const current = newSecret();
  // The older ones stay until everything they sealed is sealed anew: whenever this ends half way, all can be opened.
  replaceSecrets(path, { current, older });
  const resealed = isRunning ? null : await reseal(environment);
  if (forgetOld && resealed?.unreadable.length === 0) replaceSecrets(path, { current, older: [] });
  return report(out, { path, isServed: isRunning, older: forgetOld ? [] : older, resealed });
}

interface Rotated {
  path: string;
  isServed: boolean;
  older: { until: Date }[];
  resealed: { resealed: number; unreadable: string[] } | null;
}

function report(out: Output, { path, isServed, older, resealed }: Rotated): number {
  const unreadable = resealed?.unreadable ?? [];
  if (out.isJson) {
    const until = older.map((one) => one.until.toISOString());
    out(JSON.stringify({ rotated: true, path, restart: isServed, olderUntil: until, resealed: resealed?.resealed ?? null, unreadable }));
  } else {
    out(`A new secret is in ${path}. Make a backup: older backups do not have it.`);
    const [newest] = older;
    out(
      newest
        ? `What was signed with the old one is accepted until ${newest.until.toISOString().slice(0, 10)}.`
        : 'The old one is forgotten: answers to mails sent before are recognised by their References only.',
    );
    if (isServed) out('The running server keeps the old secret until it is restarted; then it seals the logins of mailboxes anew.');
    else out(`Sealed anew: ${String(resealed?.resealed ?? 0)}.`);
    for (const place of unreadable) out(`${place} cannot be opened with any known secret: type the login of this mailbox again.`);
  }
  return unreadable.length > 0 ? EXIT.failed : EXIT.ok;
}

/** The environment is the operator's: the command says what to write there, and in which order. */
function tellSteps(places: Places, { keepDays, forgetOld }: RotateOptions, out: Output): number {
  const [current, ...older] = secretsIn(places.TIKETTI_SECRET ?? '');
  const next = newSecret();
  const known = `${current} ${next}`;
  const turned = [next, current, ...older].join(' ');
  const steps = [
    ...(isPostgres(places.DATABASE_URL)
      ? [{ value: [known, ...older].join(' '), where: 'On every node, one after the other, then restart it: each learns the new secret.' }]
      : []),
    { value: turned, where: 'On every node, one after the other, then restart it: the new secret is used, the old one still accepted.' },
    {
      value: next,
      where: forgetOld
        ? 'At once, on every node, then restart it: the old secret is forgotten.'
        : `After ${keepDays} days, on every node, then restart it: the old secret is forgotten.`,
    },
  ];
  if (out.isJson) out(JSON.stringify({ rotated: false, variable: 'TIKETTI_SECRET', steps }));
  else {
    out('TIKETTI_SECRET comes from the environment, so you set it. Nothing was changed yet. Do this in order:');
    for (const [index, { value, where }] of steps.entries()) out(`${index + 1}. ${where}\n   TIKETTI_SECRET="${value}"`);
    out('Do not skip a step: a node that does not know the secret another one signs with takes its answers for strangers.');
    out("With TIKETTI_SECRET_FILE the value goes into that file. Keep it where you keep the backups' key.");
  }
  return EXIT.ok;
}

async function isServerRunning(environment: Environment): Promise<boolean> {
  const desk = await openDesk({ config: { ...readDataConfig(environment), LOG_LEVEL: 'error' } });
  try {
    return await isServed(desk.db, desk.clock.now());
  } finally {
    await desk.db.close();
  }
}

async function reseal(environment: Environment) {
  const desk = await openDesk({ config: { ...readDataConfig(environment), LOG_LEVEL: 'error' } });
  try {
    return await resealAll(desk);
  } finally {
    await desk.db.close();
  }
}
