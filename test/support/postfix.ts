import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { answers } from './dovecot.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

const START_MS = 15_000;
const STOP_MS = 15_000;
const EMPTY_EVERY_MS = 50;
const FLUSH_EVERY = 20;

export interface Postfix {
  port: number;
  /** How many mails it has taken and not handed on. */
  waiting(): Promise<number>;
  /** Resolves when it has handed on everything it took. */
  empty(deadlineMs?: number): Promise<void>;
  log(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * A mail server of its own that takes every mail over SMTP on the loopback and hands it to one LMTP server, whoever it is for:
 * nothing leaves the machine. Only for root.
 */
export async function startPostfix(lmtpPort: number): Promise<Postfix> {
  const folder = await mkdtemp(join(tmpdir(), 'postfix-'));
  await chmod(folder, 0o755);
  const config = join(folder, 'config');
  for (const name of ['config', 'queue', 'data']) await mkdir(join(folder, name));
  const owner = Number((await run('id', ['-u', 'postfix'])).stdout);
  await chown(join(folder, 'data'), owner, 0);
  const port = await freePort();
  await writeFile(join(config, 'main.cf'), mainOf(folder, lmtpPort));
  await writeFile(join(config, 'master.cf'), masterOf(port));
  const log = () => readFile(join(folder, 'log'), 'utf8').catch(() => '');
  const command = async (word: string) => run('postfix', ['-c', config, word]);
  try {
    await command('start');
    await opened(port);
  } catch (error) {
    throw new Error(`Postfix did not start; is it installed, and are we root? ${await log()}`, { cause: error });
  }
  const waiting = async () => {
    const { stdout } = await run('postqueue', ['-c', config, '-j'], { maxBuffer: 64 * 1024 * 1024 });
    return stdout.split('\n').filter((line) => line !== '').length;
  };
  return {
    port,
    waiting,
    log,
    async empty(deadlineMs = 60_000) {
      const deadline = Date.now() + deadlineMs;
      for (let looks = 1; (await waiting()) > 0; looks += 1) {
        // One it found busy lies where it looks again only when told to.
        if (looks % FLUSH_EVERY === 0) await run('postqueue', ['-c', config, '-f']);
        if (Date.now() > deadline) throw new Error(`Postfix still holds ${await waiting()} mails.\n${(await log()).slice(-2_000)}`);
        await wait(EMPTY_EVERY_MS);
      }
    },
    async stop() {
      await command('stop');
      await gone(join(folder, 'queue/pid/master.pid'), command);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function opened(port: number): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!(await answers(port))) {
    if (Date.now() > deadline) throw new Error(`Nobody answers on port ${port}.`);
    await wait(20);
  }
}

/** `postfix stop` returns before the last process is gone, and none may write into a folder that is removed. */
async function gone(pidFile: string, command: (word: string) => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + STOP_MS;
  const isRunning = async () => {
    if (!(await stat(pidFile).catch(() => null))) return false;
    return command('status').then(
      () => true,
      () => false,
    );
  };
  while ((await isRunning()) && Date.now() < deadline) await wait(20);
}

/** What it takes it hands on as it is: no header is added or rewritten, no line is folded, no name is looked up. */
function mainOf(folder: string, lmtpPort: number): string {
  return `
compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.wires.test
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
virtual_mailbox_domains = static:all
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:[127.0.0.1]:${lmtpPort}
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
disable_dns_lookups = yes
local_header_rewrite_clients =
lmtp_line_length_limit = 0
message_size_limit = 60000000
mailbox_size_limit = 0
smtpd_client_connection_count_limit = 0
default_destination_concurrency_limit = 20
initial_destination_concurrency = 20
default_destination_concurrency_failed_cohort_limit = 1000
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
in_flow_delay = 0
`;
}

function masterOf(port: number): string {
  return `
127.0.0.1:${port} inet n - n - 50 smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - 20 lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
