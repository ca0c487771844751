import { characters, word } from '../words.ts';
export type Surface = 'message' | 'modal' | 'home';

export interface BlockProblem {
  pointer: string;
  code: string;
  message: string;
  field: string;
  constraint?: number | string;
}

/** What is being looked at, and what was found so far. */
export interface Check {
  surface: Surface;
  problems: BlockProblem[];
  blockIds: Set<string>;
  markdownLength: number;
  tables: number;
  focused: number;
}

export type Rule = (check: Check, value: unknown, pointer: string) => void;
type Fields = Record<string, Rule>;

export function newCheck(surface: Surface): Check {
  return { surface, problems: [], blockIds: new Set(), markdownLength: 0, tables: 0, focused: 0 };
}

export function complain(check: Check, pointer: string, what: { code: string; message: string; constraint?: number | string }): void {
  check.problems.push({ pointer, field: pointer.split('/').at(-1) ?? '', ...what });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object with these fields and no others. */
export function shape(
  required: Fields,
  optional: Fields = {},
  more?: (check: Check, value: Record<string, unknown>, pointer: string) => void,
): Rule {
  return (check, value, pointer) => {
    if (!isObject(value)) return complain(check, pointer, { code: 'wrong_type', message: 'must provide an object' });
    for (const [name, rule] of Object.entries(required)) {
      if (value[name] === undefined || value[name] === null)
        complain(check, pointer, { code: 'missing_required', message: `missing required field: ${name}`, constraint: name });
      else rule(check, value[name], `${pointer}/${name}`);
    }
    for (const [name, rule] of Object.entries(optional)) if (value[name] !== undefined) rule(check, value[name], `${pointer}/${name}`);
    for (const name of Object.keys(value)) {
      if (!(name in required) && !(name in optional))
        complain(check, `${pointer}/${name}`, { code: 'unknown_property', message: `invalid additional property: ${name}` });
    }
    more?.(check, value, pointer);
  };
}

/** Lengths are counted in code points, as none of Slack's pages says otherwise. */
export function text(limit: { min?: number; max?: number; pattern?: RegExp } = {}): Rule {
  return (check, value, pointer) => {
    if (typeof value !== 'string') return complain(check, pointer, { code: 'wrong_type', message: 'must provide a string' });
    const length = characters(value).length;
    const { min = 0, max = Infinity, pattern } = limit;
    if (length > max) complain(check, pointer, { code: 'too_long', message: `must be less than ${max + 1} characters`, constraint: max });
    if (length < min) complain(check, pointer, { code: 'too_short', message: `must be more than ${min - 1} characters`, constraint: min });
    if (pattern && !pattern.test(value))
      complain(check, pointer, { code: 'wrong_format', message: 'must have a valid format', constraint: pattern.source });
  };
}

export function list(rule: Rule, limit: { min?: number; max?: number } = {}): Rule {
  return (check, value, pointer) => {
    if (!Array.isArray(value)) return complain(check, pointer, { code: 'wrong_type', message: 'must provide an array' });
    const { min = 0, max = Infinity } = limit;
    if (value.length > max) complain(check, pointer, { code: 'too_many', message: `no more than ${max} items allowed`, constraint: max });
    if (value.length < min) complain(check, pointer, { code: 'too_few', message: `no fewer than ${min} items allowed`, constraint: min });
    for (const [index, entry] of value.entries()) rule(check, entry, `${pointer}/${index}`);
  };
}

export function number(limit: { min?: number; max?: number; above?: number; isInteger?: boolean } = {}): Rule {
  return (check, value, pointer) => {
    if (typeof value !== 'number' || !Number.isFinite(value))
      return complain(check, pointer, { code: 'wrong_type', message: 'must provide a number' });
    const { min = -Infinity, max = Infinity, above = -Infinity, isInteger = false } = limit;
    if (value > max) complain(check, pointer, { code: 'out_of_range', message: `must be less than ${max + 1}`, constraint: max });
    if (value < min || value <= above)
      complain(check, pointer, { code: 'out_of_range', message: `must be more than ${value < min ? min - 1 : above}`, constraint: min });
    if (isInteger && !Number.isInteger(value)) complain(check, pointer, { code: 'wrong_type', message: 'must provide an integer' });
  };
}

export const flag: Rule = (check, value, pointer) => {
  if (typeof value !== 'boolean') complain(check, pointer, { code: 'wrong_type', message: 'must provide a boolean' });
};

export const anything: Rule = () => undefined;

export function oneOf(...allowed: (string | number)[]): Rule {
  return (check, value, pointer) => {
    if (!allowed.includes(value as string | number)) {
      complain(check, pointer, { code: 'not_allowed', message: `must be one of: ${allowed.join(', ')}`, constraint: allowed.join(',') });
    }
  };
}

/** Chooses the rule by `type`; `type` itself is known to be right then. */
export function byType(rules: Record<string, Rule>): Rule {
  return (check, value, pointer) => {
    if (!isObject(value)) return complain(check, pointer, { code: 'wrong_type', message: 'must provide an object' });
    if (value['type'] === undefined)
      return complain(check, pointer, { code: 'missing_required', message: 'missing required field: type', constraint: 'type' });
    const rule = rules[word(value['type'])];
    if (!rule) return complain(check, `${pointer}/type`, { code: 'unsupported_type', message: `unsupported type: ${word(value['type'])}` });
    rule(check, value, pointer);
  };
}

export function all(...rules: Rule[]): Rule {
  return (check, value, pointer) => {
    for (const rule of rules) rule(check, value, pointer);
  };
}

export function onlyOn(surfaces: Surface[], rule: Rule): Rule {
  return (check, value, pointer) => {
    if (surfaces.includes(check.surface)) return rule(check, value, pointer);
    complain(check, `${pointer}/type`, {
      code: 'unsupported_surface',
      message: `unsupported type: ${isObject(value) ? String(value['type']) : ''}`,
    });
  };
}
