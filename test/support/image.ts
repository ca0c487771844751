import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';

/** A Dockerfile's last stage, made in a folder, and how it would be run. */
export interface Image {
  /** What would be `/`. */
  root: string;
  workdir: string;
  environment: Record<string, string>;
  user: string;
  command: string[];
  health: string[];
  volumes: string[];
  remove(): Promise<void>;
}

interface Step {
  word: string;
  rest: string;
}

interface Stage extends Omit<Image, 'remove'> {
  name: string;
}

export interface BuildOptions {
  /** The checkout that would be the build's context. */
  context: string;
  /** Where programs named in RUN are looked for. */
  path: string;
}

const run = promisify(execFile);
const RUN_MS = 120_000;

/** No builder is at hand: each step is done in a folder that stands for the image's root, with only what the context lets through. */
export async function buildImage(dockerfile: string, options: BuildOptions): Promise<Image> {
  const stages: Stage[] = [];
  const allowed = await allowedIn(options.context);
  for (const step of stepsOf(dockerfile)) {
    if (step.word === 'FROM') stages.push(await begin(step.rest));
    else await take(stages, step, { ...options, allowed });
  }
  const last = stages.at(-1);
  if (!last) throw new Error('The Dockerfile has no stage.');
  // Where the image's user is ourselves, that the program is another's must be made up for.
  if (!isRoot()) await run('chmod', ['-R', 'a-w', join(last.root, last.workdir)]);
  return {
    ...last,
    async remove() {
      for (const { root } of stages) {
        if (!isRoot()) await run('chmod', ['-R', 'u+w', root]);
        await rm(root, { recursive: true });
      }
    },
  };
}

/** Comments and continued lines as Docker reads them. */
export function stepsOf(dockerfile: string): Step[] {
  const lines = dockerfile.split('\n').filter((line) => !/^\s*(?:#|$)/.test(line));
  const whole = lines.join('\n').replace(/\\\n\s*/g, '');
  return whole.split('\n').map((line) => {
    const [, word = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (!word) throw new Error(`Not a step: ${line}`);
    return { word, rest };
  });
}

async function begin(from: string): Promise<Stage> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'tiketti-image-')));
  // The user of the image must be able to walk in; what is in a base image is not needed here.
  await chmod(root, 0o755);
  for (const folder of ['usr/local/bin', 'tmp']) await mkdir(join(root, folder), { recursive: true });
  const name = /\sAS\s+(\S+)$/i.exec(from)?.[1] ?? '';
  return { root, name, workdir: '/', environment: {}, user: '', command: [], health: [], volumes: [] };
}

async function take(stages: Stage[], { word, rest }: Step, options: BuildOptions & { allowed: Allows }): Promise<void> {
  const stage = stages.at(-1);
  if (!stage) throw new Error('A step stands before the first FROM.');
  switch (word) {
    case 'WORKDIR':
      stage.workdir = rest;
      return void (await mkdir(join(stage.root, rest), { recursive: true }));
    case 'COPY':
      return copy(stages, stage, rest, options);
    case 'RUN':
      return runStep(stage, rest, options.path);
    case 'ENV':
      for (const [, name = '', value = ''] of rest.matchAll(/(\w+)=(\S+)/g)) stage.environment[name] = value;
      return;
    case 'USER':
      stage.user = rest;
      return;
    case 'VOLUME':
      return void stage.volumes.push(rest);
    case 'CMD':
      stage.command = JSON.parse(rest) as string[];
      return;
    case 'HEALTHCHECK':
      stage.health = JSON.parse(rest.slice(rest.indexOf('CMD ') + 4)) as string[];
      return;
    case 'EXPOSE':
      return;
    default:
      throw new Error(`This builder does not know ${word}.`);
  }
}

async function copy(stages: Stage[], stage: Stage, rest: string, { context, allowed }: BuildOptions & { allowed: Allows }): Promise<void> {
  const words = rest.split(/\s+/);
  const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
  const target = words.pop() ?? '';
  const source = from === undefined ? context : stages.find(({ name }) => name === from)?.root;
  if (source === undefined) throw new Error(`There is no stage ${from}.`);
  for (const word of words) {
    if (from === undefined && !allowed(word)) throw new Error(`COPY ${word}: .dockerignore keeps it out.`);
    const isInto = target.endsWith('/');
    const to = join(stage.root, posix.resolve(stage.workdir, target), isInto ? basename(word) : '');
    await mkdir(dirname(to), { recursive: true });
    await cp(join(source, word), to, { recursive: true, verbatimSymlinks: true });
  }
}

/** The shell runs outside any image, so the paths that would be the image's are those of its folder. */
async function runStep(stage: Stage, command: string, path: string): Promise<void> {
  const here = command.replace(/(?<=^|\s)\/(?=(?:app|data|usr|tmp)\b)/g, `${stage.root}/`);
  // Only root can give a folder away.
  const allowed = isRoot() ? here : here.replace(/ -o \d+ -g \d+/, '');
  // A builder has its own way to the network; here it is this machine's.
  const env = { ...process.env, PATH: path, ...stage.environment };
  await run('/bin/sh', ['-ec', allowed], { cwd: join(stage.root, stage.workdir), env, timeout: RUN_MS });
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

type Allows = (path: string) => boolean;

/** .dockerignore as far as this project needs it: everything is kept out, and some names directly below are let in. */
async function allowedIn(context: string): Promise<Allows> {
  const lines = (await readFile(join(context, '.dockerignore'), 'utf8')).split('\n').filter((line) => line && !line.startsWith('#'));
  const [first, ...rest] = lines;
  const names = rest.map((line) => /^!([\w.-]+)$/.exec(line)?.[1]);
  if (first !== '*' || names.includes(undefined)) throw new Error('.dockerignore must begin with * and then let names in.');
  return (path) => names.includes(path.split('/')[0]);
}

/** Of a folder and all below it. */
export async function sizeOf(path: string): Promise<number> {
  const found = await lstat(path);
  if (!found.isDirectory()) return found.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
