import { posix } from 'node:path';
import { importsOf } from './imports.ts';
import type { Import } from './imports.ts';
import { cyclesIn } from './cycles.ts';
import { fenceProblem } from './fences.ts';
import type { SourceFile } from './tree.ts';

interface Floor {
  readonly rooms: readonly string[];
  /** Rooms standing apart never import each other. */
  readonly isApart?: boolean;
}

/** Lowest first: a room may import its own floor and everything below. */
const FLOORS: readonly Floor[] = [
  { rooms: ['ground'] },
  { rooms: ['db', 'files'] },
  { rooms: ['jobs'] },
  { rooms: ['tickets'] },
  { rooms: ['rules'] },
  { rooms: ['mail', 'slack', 'web'], isApart: true },
  { rooms: ['commands', 'modals', 'actions'] },
  { rooms: ['main', 'cli'] },
];

const GROUND_FOLDERS = new Set(['text', 'config']);
/** The composition root: all other files directly in src are ground floor. */
const MAIN_FILES = new Set(['src/main.ts']);
const DATA_BESIDE_SRC = /^(?:locales(?:\/|$)|package\.json$)/;
const PROGRAM_FILE = /\.[cm]?[jt]sx?$/;

export function floorProblems(files: readonly SourceFile[], dependencies: readonly string[]): string[] {
  const imports = files.flatMap((file) => importsOf(file).map((found) => ({ from: file.path, found })));
  const homeless = files
    .filter((file) => floorOf(roomOf(file.path)) < 0)
    .map((file) => `${file.path} stands on no floor; name its folder in floors.ts`);
  const climbing = imports.flatMap(({ from, found }) => {
    const problem = importProblem(from, found, dependencies);
    return problem ? [`${from}:${found.line} ${problem}`] : [];
  });
  return [...homeless, ...climbing, ...cycleProblems(files, imports)];
}

/** `src/mail/sort.ts` stands in the room `mail`; a file directly in src in `ground` or `main`. */
export function roomOf(path: string): string {
  const [, folder = '', ...rest] = path.split('/');
  if (rest.length === 0) return MAIN_FILES.has(path) ? 'main' : 'ground';
  return GROUND_FOLDERS.has(folder) ? 'ground' : folder;
}

function floorOf(room: string): number {
  return FLOORS.findIndex((floor) => floor.rooms.includes(room));
}

function importProblem(from: string, found: Import, dependencies: readonly string[]): string | null {
  if (found.specifier === null) return 'imports a computed name, so its floor cannot be seen; begin it with a fixed path';
  const target = targetOf(from, found.specifier);
  if (target === null) return fenceProblem(roomOf(from), found.specifier, dependencies);
  if (target.startsWith('src/')) return climbProblem(from, target);
  if (found.isUrl && !PROGRAM_FILE.test(target) && !isWorkshop(target)) return null;
  return DATA_BESIDE_SRC.test(target) ? null : `imports ${target}, which is outside src`;
}

function climbProblem(from: string, target: string): string | null {
  const [room, targetRoom] = [roomOf(from), roomOf(target)];
  const [floor, targetFloor] = [floorOf(room), floorOf(targetRoom)];
  if (targetFloor > floor) return `imports ${target}: ${room} lies below ${targetRoom}`;
  if (targetFloor === floor && room !== targetRoom && FLOORS[floor]?.isApart)
    return `imports ${target}: ${room} and ${targetRoom} are siblings`;
  return null;
}

/** Null for a package. */
function targetOf(from: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return posix.normalize(`src/${specifier.slice(1)}`);
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  return null;
}

function isWorkshop(target: string): boolean {
  return /^(?:playground|test|scripts|bench)(?:\/|$)/.test(target);
}

function cycleProblems(files: readonly SourceFile[], imports: readonly { from: string; found: Import }[]): string[] {
  const neighbours = new Map<string, string[]>(files.map((file) => [file.path, []]));
  for (const { from, found } of imports) {
    const target = found.specifier === null ? null : targetOf(from, found.specifier);
    if (target !== null && neighbours.has(target)) neighbours.get(from)?.push(target);
  }
  return cyclesIn(neighbours).map((cycle) => `files import each other in a ring: ${cycle.join(' → ')}`);
}
