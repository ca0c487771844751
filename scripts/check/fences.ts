import { isBuiltin } from 'node:module';

interface Fence {
  readonly packages: RegExp;
  readonly rooms: readonly string[];
}

/** The first fence that knows a package decides. */
const FENCES: readonly Fence[] = [
  { packages: /^@slack\//, rooms: ['slack', 'commands', 'modals', 'actions', 'main'] },
  { packages: /^(?:imapflow|nodemailer|smtp-server|postal-mime)$/, rooms: ['mail'] },
  { packages: /^(?:hono|@hono\/.+|prom-client)$/, rooms: ['web', 'main'] },
  { packages: /^aws4fetch$/, rooms: ['files'] },
  { packages: /^(?:better-sqlite3|pg|drizzle-orm\/.+)$/, rooms: ['db'] },
  { packages: /^drizzle-orm$/, rooms: ['db', 'files', 'jobs', 'tickets', 'rules', 'mail', 'slack', 'web', 'cli'] },
];

export function fenceProblem(room: string, specifier: string, dependencies: readonly string[]): string | null {
  if (isBuiltin(specifier)) return specifier.startsWith('node:') ? null : `imports ${specifier}; write node:${specifier}`;
  const name = packageOf(specifier);
  if (!dependencies.includes(name)) return `imports ${specifier}, which is not among the dependencies of package.json`;
  const fence = FENCES.find(({ packages }) => packages.test(specifier) || packages.test(name));
  if (!fence || fence.rooms.includes(room)) return null;
  return `imports ${specifier}, which only ${fence.rooms.join(', ')} may`;
}

function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}
