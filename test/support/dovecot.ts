import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

export const MAILBOX_PASSWORD = 'mailbox-password';
/** Dovecot serves nobody with uid 0; Debian's `mail` owns the folders. */
export const MAIL_UID = 8;
const WITHOUT_MOVE = 'IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ UIDPLUS SPECIAL-USE LIST-EXTENDED';
const START_MS = 15_000;

export interface Dovecot {
  port: number;
  /** A plain LMTP socket for an MTA. */
  lmtpPort: number;
  folder: string;
  restart(): Promise<void>;
  /** Forgets how it numbered this user's mails: UIDVALIDITY changes, and every mail gets another UID. */
  renumber(user: string): Promise<void>;
  stop(): Promise<void>;
  /** Runs `doveadm`, as an operator of the mail server would. */
  admin(...words: string[]): Promise<string>;
}

export interface Wishes {
  /** So much may lie in each mailbox, as `100K`. */
  quota?: string | null;
  /** Where it asks whether an OAuth2 token is good, and whose. */
  introspectionUrl?: string | null;
  /** What the folder of sent mail is called; its use is marked all the same. */
  sentFolder?: string;
  /** False: mails are moved by copying them and deleting the old ones, as on servers without RFC 6851. */
  hasMove?: boolean;
}

/** A mail server of its own, with any user name and one password; only for root, who may become somebody else. */
export async function startDovecot(wishes: Wishes = {}): Promise<Dovecot> {
  const folder = await mkdtemp(join(tmpdir(), 'dovecot-'));
  await chmod(folder, 0o755);
  const mail = join(folder, 'mail');
  await mkdir(mail);
  await chown(mail, MAIL_UID, MAIL_UID);
  const [port, lmtpPort] = [await freePort(), await freePort()];
  const config = join(folder, 'dovecot.conf');
  await writeFile(config, configOf({ folder, port, lmtpPort }, wishes));
  if (wishes.introspectionUrl) await writeFile(join(folder, 'oauth2'), oauthConfigOf(wishes.introspectionUrl));
  let server = await begin(config, port);
  let renumbered = 0;
  const end = async () => {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  };
  return {
    port,
    lmtpPort,
    folder,
    async restart() {
      await end();
      server = await begin(config, port);
    },
    async renumber(user) {
      await end();
      const inbox = join(mail, user);
      for (const name of await readdir(inbox)) if (name.startsWith('dovecot')) await rm(join(inbox, name), { recursive: true });
      // The new number is the time in seconds, so it must be another second than when the old one was made.
      await writeFile(join(inbox, 'dovecot-uidvalidity'), `${(Math.floor(Date.now() / 1_000) + 1_000 * (renumbered += 1)).toString(16)}\n`);
      await chown(join(inbox, 'dovecot-uidvalidity'), MAIL_UID, MAIL_UID);
      server = await begin(config, port);
    },
    async stop() {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
    admin: async (...words) => (await run('doveadm', ['-c', config, ...words])).stdout,
  };
}

async function begin(config: string, port: number): Promise<ChildProcess> {
  const server = spawn('dovecot', ['-F', '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  server.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) break;
    if (await answers(port)) return server;
    await wait(20);
  }
  server.kill('SIGKILL');
  const log = await readFile(join(config, '..', 'log'), 'utf8').catch(() => '');
  throw new Error(`Dovecot did not start; is dovecot-imapd installed, and are we root? ${said} ${log}`);
}

/** Whether a server says a first word on this port. */
export async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'data', { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

interface Place {
  folder: string;
  port: number;
  lmtpPort: number;
}

function configOf({ folder, port, lmtpPort }: Place, wishes: Wishes): string {
  const { quota = null, introspectionUrl = null, sentFolder = 'Sent', hasMove = true } = wishes;
  return `
base_dir = ${folder}/run
log_path = ${folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${folder}/mail/%u
mail_fsync = never
auth_failure_delay = 0 secs
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
first_valid_uid = ${MAIL_UID}
mail_max_userip_connections = 100
service imap-login {
  process_min_avail = 1
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtpPort}
  }
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox "${sentFolder}" {
    special_use = \\Sent
    auto = create
  }
}
${introspectionUrl === null ? '' : `auth_mechanisms = plain xoauth2\npassdb {\n  driver = oauth2\n  mechanisms = xoauth2\n  args = ${folder}/oauth2\n}\n`}
passdb {
  driver = static
  args = password=${MAILBOX_PASSWORD}
}
userdb {
  driver = static
  args = uid=${MAIL_UID} gid=${MAIL_UID} home=${folder}/mail/%u
}
${hasMove ? '' : `imap_capability = ${WITHOUT_MOVE}\n`}
${quota === null ? '' : `mail_plugins = quota\nprotocol imap {\n  mail_plugins = quota imap_quota\n}\nplugin {\n  quota = maildir:User quota\n  quota_rule = *:storage=${quota}\n}\n`}
`;
}

function oauthConfigOf(introspectionUrl: string): string {
  return [
    `introspection_url = ${introspectionUrl}`,
    'introspection_mode = auth',
    'username_attribute = email',
    'active_attribute = active',
    'active_value = true',
  ].join('\n');
}
