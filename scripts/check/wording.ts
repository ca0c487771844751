import { lineAt } from './syntax.ts';
import type { SourceFile } from './tree.ts';

interface Unwanted {
  readonly what: string;
  readonly pattern: RegExp;
  /** Fixtures are other people's words, encoded ones included: there only paths and hosts count. */
  readonly isAllowedIn?: RegExp;
}

const UNWANTED: readonly Unwanted[] = [
  { what: 'a path of one machine', pattern: /(?<![\w.\-/])\/(?:work|root|home\/[a-z][\w-]*|Users\/\w+|tmp\/bash_jobs)(?=[/.\s'"`),])/g },
  { what: 'a path of one machine', pattern: /\b[A-Z]:\\Users\\/g },
  { what: 'a package registry', pattern: /\bregistry\.[\w-]+\.[a-z]{2,}|\bverdaccio\b|\blocalhost:4873\b/gi },
  { what: 'a mark for later', pattern: /\b(?:TO-?DO|FIX-?ME|X{3})\b/g, isAllowedIn: /^test\/fixtures\/|^package-lock\.json$/ },
];

export function wordingProblems(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    UNWANTED.filter(({ isAllowedIn }) => !isAllowedIn?.test(path)).flatMap(({ what, pattern }) =>
      [...text.matchAll(pattern)].map((found) => `${path}:${lineAt(text, found.index)} ${what}: "${found[0]}"`),
    ),
  );
}
