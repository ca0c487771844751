import type { SourceFile } from './tree.ts';

interface Limit {
  readonly paths: RegExp;
  readonly maxLines: number;
}

const PROGRAM = '[cm]?[jt]sx?$';
/** The first that fits a path decides. */
const LIMITS: readonly Limit[] = [
  { paths: new RegExp(`^(?:test|playground/test)/.*\\.${PROGRAM}`), maxLines: 400 },
  { paths: new RegExp(`^(?:src|playground|scripts|bench|bin)/.*\\.${PROGRAM}`), maxLines: 250 },
];
const EXEMPT = new Set(['src/db/schema.ts']);

export function sizeProblems(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const limit = EXEMPT.has(path) ? undefined : LIMITS.find(({ paths }) => paths.test(path));
    const lines = linesIn(text);
    return limit && lines > limit.maxLines ? [`${path} has ${lines} lines; at most ${limit.maxLines} fit one thought`] : [];
  });
}

function linesIn(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}
