import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const UNTRACKED = new Set(['node_modules', '.git', 'data', 'demo-data', 'coverage']);

/** What git tracks or would track; of an unpacked archive, everything but the folders git would ignore. */
export function projectPaths(root: string): string[] {
  const paths = existsSync(join(root, '.git')) ? gitPaths(root) : walkedPaths(root);
  return paths.filter((path) => existsSync(join(root, path)) && statSync(join(root, path)).isFile()).toSorted();
}

/** Text files only: a NUL byte marks the others, as git itself does it. */
export function readTexts(root: string, paths: readonly string[]): SourceFile[] {
  return paths.flatMap((path) => {
    const bytes = readFileSync(join(root, path));
    return bytes.includes(0) ? [] : [{ path, text: bytes.toString('utf8') }];
  });
}

function gitPaths(root: string): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const output = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return output.split('\0').filter((path) => path !== '');
}

function walkedPaths(root: string): string[] {
  const exclude = (entry: string) => UNTRACKED.has(entry);
  return globSync(['**/*', '**/.*', '.*/**/*'], { cwd: root, exclude }).map((path) => path.replaceAll('\\', '/'));
}
