import limits from '../rules/limits.json' with { type: 'json' };
import { type Check, type Rule, anything, byType, complain, flag, isObject, list, number, oneOf, onlyOn, shape, text } from './check.ts';
import { button, imageElement, inActions, inContextActions, inInput, inSection } from './elements.ts';
import { anyText, exactlyOne, markdownText, plainText, slackFile } from './parts.ts';
import { richTextBlock } from './rich-text.ts';
import { characters } from '../words.ts';
import { blockShape, dataTable, dataVisualization, table } from './tables.ts';

const CARD = limits.card;
const VIDEO = limits.video;
const MAX_MARKDOWN = limits.markdown.text.max_length;
const MAX_ICON = 255;

const section: Rule = (check, value, pointer) => {
  blockShape('section', {
    optional: {
      text: anyText(limits.section.text.max_length),
      fields: list(anyText(limits.section.fields.item_max_length), { min: 1, max: limits.section.fields.max_items }),
      accessory: inSection,
      expand: flag,
    },
  })(check, value, pointer);
  if (isObject(value) && value['text'] === undefined && value['fields'] === undefined) {
    complain(check, pointer, { code: 'missing_required', message: 'missing required field: text', constraint: 'text' });
  }
};

const image: Rule = (check, value, pointer) => {
  blockShape('image', {
    required: { alt_text: text({ min: 1, max: limits.image.alt_text.max_length }) },
    optional: {
      image_url: text({ min: 1, max: limits.image.image_url.max_length, pattern: /^https?:/ }),
      slack_file: slackFile,
      title: plainText(2_000),
    },
  })(check, value, pointer);
  if (isObject(value)) exactlyOne(check, { value, pointer, names: ['image_url', 'slack_file'] });
};

const actions: Rule = (check, value, pointer) => {
  blockShape('actions', { required: { elements: list(inActions, { min: 1, max: limits.actions.elements.max_items }) } })(
    check,
    value,
    pointer,
  );
  if (isObject(value)) distinctActions(check, value['elements'], pointer);
};

const contextActions: Rule = (check, value, pointer) => {
  blockShape('context_actions', {
    required: { elements: list(inContextActions, { min: 1, max: limits.context_actions.elements.max_items }) },
  })(check, value, pointer);
  if (isObject(value)) distinctActions(check, value['elements'], pointer);
};

const context = blockShape('context', {
  required: {
    elements: list(byType({ image: imageElement, plain_text: plainText(), mrkdwn: markdownText() }), {
      min: 1,
      max: limits.context.elements.max_items,
    }),
  },
});

const input = blockShape('input', {
  required: { label: plainText(limits.input.label.max_length), element: inInput },
  optional: { hint: plainText(limits.input.hint.max_length), optional: flag, dispatch_action: flag },
});

const markdown: Rule = (check, value, pointer) => {
  blockShape('markdown', { required: { text: text({ min: 1, max: MAX_MARKDOWN }) } })(check, value, pointer);
  const length = isObject(value) && typeof value['text'] === 'string' ? characters(value['text']).length : 0;
  check.markdownLength += length;
  if (length <= MAX_MARKDOWN && check.markdownLength > MAX_MARKDOWN) {
    complain(check, pointer, {
      code: 'too_long',
      message: `markdown of all blocks must be less than ${MAX_MARKDOWN + 1} characters`,
      constraint: MAX_MARKDOWN,
    });
  }
};

const video = blockShape('video', {
  required: {
    alt_text: text({ min: VIDEO.alt_text.min_length, max: VIDEO.alt_text.max_length }),
    title: plainText(VIDEO.title.max_length),
    thumbnail_url: text({ min: 1 }),
    video_url: text({ min: 1 }),
  },
  optional: {
    author_name: text({ max: VIDEO.author_name.max_length }),
    description: plainText(VIDEO.description.max_length),
    provider_icon_url: text(),
    provider_name: text({ max: VIDEO.provider_name.max_length }),
    title_url: text(),
  },
});

const card = blockShape('card', {
  optional: {
    hero_image: imageElement,
    icon: imageElement,
    slack_icon: shape({ type: oneOf('icon'), name: text({ min: 1, max: MAX_ICON }) }),
    title: markdownText(CARD.title.max_length),
    subtitle: markdownText(CARD.subtitle.max_length),
    body: markdownText(CARD.body.max_length),
    subtext: markdownText(CARD.subtext.max_length),
    actions: list(byType({ button }), { min: 1, max: CARD.actions.max_items }),
  },
});

const status = oneOf('pending', 'in_progress', 'complete', 'error');
const task = {
  required: { task_id: text({ min: 1 }), title: text({ min: 1 }), status },
  optional: {
    details: richTextBlock,
    output: richTextBlock,
    sources: list(shape({ type: oneOf('url'), url: text({ min: 1, max: limits.url_source.url.max_length }), text: text() })),
  },
};
const planTask = shape(task.required, { ...task.optional, type: oneOf('task_card'), block_id: text() });

const container: Rule = (check, value, pointer) => {
  blockShape('container', {
    required: { child_blocks: list(byType(identified(inContainer())), { min: 1, max: limits.container.child_blocks.max_items }) },
    optional: {
      title: plainText(limits.container.title.max_length),
      rich_text_title: richTextBlock,
      subtitle: anyText(limits.container.subtitle.max_length),
      width: oneOf('narrow', 'standard', 'wide', 'full'),
      icon: imageElement,
      is_collapsible: flag,
      default_collapsed: flag,
      has_header_divider: flag,
    },
  })(check, value, pointer);
  if (isObject(value)) exactlyOne(check, { value, pointer, names: ['title', 'rich_text_title'] });
};

const EVERYWHERE: Record<string, Rule> = {
  actions,
  card,
  carousel: blockShape('carousel', {
    required: { elements: list(byType({ card }), { min: limits.carousel.elements.min_items, max: limits.carousel.elements.max_items }) },
  }),
  context,
  divider: blockShape('divider'),
  header: blockShape('header', {
    required: { text: plainText(limits.header.text.max_length) },
    optional: { level: number({ min: 1, max: 6, isInteger: true }) },
  }),
  image,
  input,
  rich_text: richTextBlock,
  section,
  video,
};

const SOMEWHERE: Record<string, Rule> = {
  alert: onlyOn(
    ['modal'],
    blockShape('alert', {
      required: { text: anyText(limits.alert.text.max_length) },
      optional: { level: oneOf('default', 'info', 'warning', 'error', 'success') },
    }),
  ),
  container: onlyOn(['message', 'home'], container),
  data_table: onlyOn(['message', 'home'], dataTable),
  data_visualization: onlyOn(['message', 'home'], dataVisualization),
  table: onlyOn(['message', 'home'], table),
  context_actions: onlyOn(['message'], contextActions),
  file: onlyOn(['message'], blockShape('file', { required: { source: oneOf('remote'), external_id: text({ min: 1 }) } })),
  markdown: onlyOn(['message'], markdown),
  plan: onlyOn(['message'], blockShape('plan', { required: { title: text({ min: 1 }) }, optional: { tasks: list(planTask) } })),
  task_card: onlyOn(['message'], blockShape('task_card', task)),
};

/** Any block, on the surface it is allowed on, with an id nobody else has. */
export const anyBlock: Rule = byType(identified({ ...EVERYWHERE, ...SOMEWHERE }));

function inContainer(): Record<string, Rule> {
  const { card: _card, carousel: _carousel, ...rest } = EVERYWHERE;
  return { ...rest, table, file: SOMEWHERE['file'] ?? anything };
}

function identified(rules: Record<string, Rule>): Record<string, Rule> {
  const once =
    (rule: Rule): Rule =>
    (check, value, pointer) => {
      rule(check, value, pointer);
      const id = isObject(value) ? value['block_id'] : undefined;
      if (typeof id !== 'string' || id === '') return;
      if (check.blockIds.has(id)) complain(check, `${pointer}/block_id`, { code: 'duplicate', message: `block_id already exists: ${id}` });
      check.blockIds.add(id);
    };
  return Object.fromEntries(Object.entries(rules).map(([name, rule]) => [name, once(rule)]));
}

function distinctActions(check: Check, elements: unknown, pointer: string): void {
  const ids = (Array.isArray(elements) ? elements : [])
    .map((element) => (isObject(element) ? element['action_id'] : undefined))
    .filter((id) => typeof id === 'string');
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) complain(check, `${pointer}/elements`, { code: 'duplicate', message: `action_id already exists: ${twice}` });
}
