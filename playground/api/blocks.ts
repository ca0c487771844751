import { validateBlocks, validateView } from '../blocks/validate.ts';
import { refuse } from '../refusal.ts';
import { type Call, type Method, structured, text } from './call.ts';

/** A debugging aid that needs no token: says everything that is wrong at once. */
export const blockMethods: Record<string, Method> = { 'blocks.validate': validate };

function validate(call: Call): object {
  const view = structured(call, 'view');
  const surface = text(call, 'surface') ?? 'message';
  const blocks = structured(call, 'blocks', 'invalid_blocks_format');
  const errors = view ? validateView(view) : validateBlocks(blocks, surface === 'modal' || surface === 'home' ? surface : 'message');
  if (errors.length > 0) refuse('invalid_blocks', { errors });
  return {};
}
