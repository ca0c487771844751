import limits from '../rules/limits.json' with { type: 'json' };
import { type Rule, byType, flag, list, number, oneOf, shape, text } from './check.ts';

const style = {
  style: shape(
    {},
    { bold: flag, italic: flag, strike: flag, code: flag, underline: flag, highlight: flag, client_highlight: flag, unlink: flag },
  ),
};
const id = text({ min: 1 });
const border = { border: number({ min: 0, isInteger: true }) };

function inline(type: string, required: Record<string, Rule>, optional: Record<string, Rule> = {}): Rule {
  return shape({ type: oneOf(type), ...required }, { ...style, ...optional });
}

const words = inline('text', { text: text() });
const link = inline('link', { url: text({ min: 1 }) }, { text: text(), unsafe: flag });

const inlineElement = byType({
  text: words,
  link,
  emoji: inline('emoji', { name: id }, { unicode: text(), url: text(), skin_tone: number({ min: 2, max: 6, isInteger: true }) }),
  user: inline('user', { user_id: id }),
  channel: inline('channel', { channel_id: id }),
  usergroup: inline('usergroup', { usergroup_id: id }),
  team: inline('team', { team_id: id }),
  broadcast: inline('broadcast', { range: oneOf('here', 'channel', 'everyone') }),
  color: inline('color', { value: id }),
  date: inline('date', { timestamp: number({ isInteger: true }), format: id }, { url: text(), fallback: text() }),
});

const section = shape({ type: oneOf('rich_text_section'), elements: list(inlineElement) });

const part = byType({
  rich_text_section: section,
  rich_text_list: shape(
    {
      type: oneOf('rich_text_list'),
      style: oneOf('bullet', 'ordered'),
      elements: list(byType({ rich_text_section: section }), { min: 1 }),
    },
    { ...border, indent: number({ min: 0, max: 8, isInteger: true }), offset: number({ min: 0, isInteger: true }) },
  ),
  rich_text_quote: shape({ type: oneOf('rich_text_quote'), elements: list(inlineElement) }, border),
  rich_text_preformatted: shape(
    { type: oneOf('rich_text_preformatted'), elements: list(byType({ text: words, link })) },
    { ...border, language: text() },
  ),
});

export const richTextBlock: Rule = shape(
  { type: oneOf('rich_text'), elements: list(part, { min: 1 }) },
  { block_id: text({ max: limits.block_id.max_length }) },
);
