import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { Failure } from '#failure.ts';
import type { Translate } from '#i18n.ts';

type Render = (context: Record<string, unknown>, t: Translate) => string;
type Part = 'html' | 'text';
type Node = hbs.AST.Node;

const MAX_SOURCE_CHARACTERS = 64_000;
const MAX_OUTPUT_CHARACTERS = 2_000_000;
// Parsing takes the square of the number of tags: 300 of them a few milliseconds, 5,000 many seconds.
const MAX_TAGS = 300;
const MAX_BLOCK_DEPTH = 10;
const BLOCK_HELPERS = new Set(['if', 'unless']);

const handlebars = ownHandlebars();
const shipped = new Map<string, Render>();

/** One of the files in `templates/`, compiled once: `reply.html`, `layout.text`. */
export function shippedTemplate(name: string, part: Part): Render {
  const file = `${name}.${part}.hbs`;
  const known = shipped.get(file);
  if (known) return known;
  const render = compiled(readFileSync(join(import.meta.dirname, 'templates', file), 'utf8'), part);
  shipped.set(file, render);
  return render;
}

/**
 * An admin's template. It may show the placeholders it was promised and ask `{{#if}}` or `{{#unless}}` about them;
 * whatever else Handlebars can do is refused before anything is compiled.
 */
export function customTemplate(source: string, placeholders: ReadonlySet<string>, part: Part): Render {
  for (const name of placeholdersIn(source)) {
    if (!placeholders.has(name)) throw new Failure('template.unknown_placeholder', { name });
  }
  const render = compiled(source, part);
  return (context, t) => {
    const output = attempt(() => render(context, t), 'template.broken');
    if (output.length > MAX_OUTPUT_CHARACTERS) throw new Failure('template.too_long', { limit: MAX_OUTPUT_CHARACTERS });
    return output;
  };
}

/** The placeholders a template shows or asks about. */
export function placeholdersIn(source: string): Set<string> {
  return new Set(namesIn(parsed(source), 0));
}

function ownHandlebars(): typeof Handlebars {
  const own = Handlebars.create();
  for (const helper of ['each', 'with', 'log', 'lookup']) own.unregisterHelper(helper);
  return own;
}

function compiled(source: string, part: Part): Render {
  const template = handlebars.compile<Record<string, unknown>>(source, {
    strict: true,
    noEscape: part === 'text',
    knownHelpersOnly: true,
    knownHelpers: { t: true, if: true, unless: true, each: false, with: false, log: false, lookup: false },
  });
  return (context, t) => {
    const helpers = { t: (key: string, options: Handlebars.HelperOptions) => t(key, options.hash as Record<string, string>) };
    return template(context, { helpers, allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false });
  };
}

function parsed(source: string): hbs.AST.Program {
  if (source.length > MAX_SOURCE_CHARACTERS) throw new Failure('template.too_long', { limit: MAX_SOURCE_CHARACTERS });
  if (source.split('{{').length > MAX_TAGS) throw new Failure('template.too_many_tags', { limit: MAX_TAGS });
  return attempt(() => handlebars.parse(source), 'template.syntax');
}

/** What Handlebars throws is something an admin can mend. */
function attempt<Result>(work: () => Result, key: string): Result {
  try {
    return work();
  } catch (cause) {
    const failure = new Failure(key, { detail: cause instanceof Error ? cause.message : String(cause) });
    failure.cause = cause;
    throw failure;
  }
}

function namesIn(program: hbs.AST.Program, depth: number): string[] {
  if (depth > MAX_BLOCK_DEPTH) throw new Failure('template.too_deep', { limit: MAX_BLOCK_DEPTH });
  return program.body.flatMap((statement) => {
    if (isMustache(statement)) return nameShown(statement);
    if (isBlock(statement)) return namesInBlock(statement, depth);
    return ['ContentStatement', 'CommentStatement'].includes(statement.type) ? [] : refuse(statement.type);
  });
}

function nameShown(statement: hbs.AST.MustacheStatement): string {
  if (statement.params.length > 0 || statement.hash !== undefined) refuse(nameOf(statement.path));
  return nameOf(statement.path);
}

function namesInBlock(block: hbs.AST.BlockStatement, depth: number): string[] {
  const [asked, ...others] = block.params;
  if (!BLOCK_HELPERS.has(nameOf(block.path)) || !asked || others.length > 0 || block.hash !== undefined) refuse(nameOf(block.path));
  const inverse = block.inverse ? namesIn(block.inverse, depth + 1) : [];
  return [nameOf(asked), ...namesIn(block.program, depth + 1), ...inverse];
}

function nameOf(expression: Node): string {
  return expression.type === 'PathExpression' ? (expression as hbs.AST.PathExpression).original : refuse(expression.type);
}

function refuse(what: string): never {
  throw new Failure('template.not_allowed', { what });
}

function isMustache(statement: Node): statement is hbs.AST.MustacheStatement {
  return statement.type === 'MustacheStatement';
}

function isBlock(statement: Node): statement is hbs.AST.BlockStatement {
  return statement.type === 'BlockStatement';
}
