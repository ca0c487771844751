import limits from '../rules/limits.json' with { type: 'json' };
import { type Check, type Rule, byType, complain, flag, isObject, list, number, oneOf, shape, text } from './check.ts';
import { richTextBlock } from './rich-text.ts';
import { characters } from '../words.ts';

const TABLE = { rows: 100, columns: 20, characters: 10_000 };
const DATA = limits.data_table;
const CHART = limits.data_visualization;

const rawText = shape({ type: oneOf('raw_text'), text: text({ min: DATA.cell_text.min_length }) });
const rawNumber = shape({ type: oneOf('raw_number'), value: number(), text: text() });
const cell = byType({ raw_text: rawText, raw_number: rawNumber, rich_text: richTextBlock });

export const table: Rule = (check, value, pointer) => {
  check.tables += 1;
  if (check.tables > 1) complain(check, pointer, { code: 'only_one_table_allowed', message: 'only one table is allowed' });
  blockShape('table', {
    required: { rows: list(list(cell, { min: 1, max: TABLE.columns }), { min: 1, max: TABLE.rows }) },
    optional: { column_settings: list(shape({}, { align: oneOf('left', 'center', 'right'), is_wrapped: flag }), { max: TABLE.columns }) },
  })(check, value, pointer);
  if (!isObject(value)) return;
  const columns = sameWidth(check, value['rows'], pointer);
  if (Array.isArray(value['column_settings']) && columns !== undefined && value['column_settings'].length > columns) {
    complain(check, `${pointer}/column_settings`, {
      code: 'too_many',
      message: `no more than ${columns} items allowed`,
      constraint: columns,
    });
  }
  notMoreThan(check, { value: value['rows'], pointer, max: TABLE.characters });
};

export const dataTable: Rule = (check, value, pointer) => {
  blockShape('data_table', {
    required: {
      caption: text({ min: 1 }),
      rows: list(list(cell, { min: DATA.columns.min_items, max: DATA.columns.max_items }), {
        min: DATA.rows.min_items,
        max: DATA.rows.max_items,
      }),
    },
    optional: { page_size: number({ ...DATA.page_size, isInteger: true }), row_header_column_index: number({ min: 0, isInteger: true }) },
  })(check, value, pointer);
  if (!isObject(value) || !Array.isArray(value['rows'])) return;
  sameWidth(check, value['rows'], pointer);
  const [header] = value['rows'] as unknown[];
  for (const [index, entry] of (Array.isArray(header) ? header : []).entries()) {
    if (isObject(entry) && entry['type'] === 'rich_text')
      complain(check, `${pointer}/rows/0/${index}/type`, { code: 'unsupported_type', message: 'unsupported type: rich_text' });
  }
  notMoreThan(check, { value: value['rows'], pointer, max: DATA.content.max_length });
};

const label = text({ min: 1, max: CHART.point_label.max_length });
const series = list(
  shape({
    name: text({ min: 1, max: CHART.series_name.max_length }),
    data: list(shape({ label, value: number() }), { min: CHART.data.min_items, max: CHART.data.max_items }),
  }),
  { min: CHART.series.min_items, max: CHART.series.max_items },
);
const axes = shape(
  {
    categories: list(text({ min: 1, max: CHART.category_label.max_length }), {
      min: CHART.categories.min_items,
      max: CHART.categories.max_items,
    }),
  },
  { x_label: text({ max: CHART.axis_label.max_length }), y_label: text({ max: CHART.axis_label.max_length }) },
);
const slice = shape({
  label: text({ min: 1, max: CHART.segment.label.max_length }),
  value: number({ above: CHART.segment.value.exclusive_min }),
});

function axisChart(type: string): Rule {
  return shape({ type: oneOf(type), series, axis_config: axes });
}

export const dataVisualization = blockShape('data_visualization', {
  required: {
    title: text({ min: 1, max: CHART.title.max_length }),
    chart: byType({
      pie: shape({ type: oneOf('pie'), segments: list(slice, { min: CHART.segments.min_items, max: CHART.segments.max_items }) }),
      bar: axisChart('bar'),
      line: axisChart('line'),
      area: axisChart('area'),
    }),
  },
});

export function blockShape(type: string, about: { required?: Record<string, Rule>; optional?: Record<string, Rule> } = {}): Rule {
  return shape(
    { type: oneOf(type), ...about.required },
    { block_id: text({ min: 1, max: limits.block_id.max_length }), ...about.optional },
  );
}

function sameWidth(check: Check, rows: unknown, pointer: string): number | undefined {
  if (!Array.isArray(rows)) return undefined;
  const widths = rows.map((row) => (Array.isArray(row) ? row.length : 0));
  if (new Set(widths).size > 1)
    complain(check, `${pointer}/rows`, { code: 'invalid_usage', message: 'all rows must have the same number of cells' });
  return widths[0];
}

function notMoreThan(check: Check, what: { value: unknown; pointer: string; max: number }): void {
  const length = countIn(what.value);
  if (length > what.max)
    complain(check, what.pointer, { code: 'too_long', message: `must be less than ${what.max + 1} characters`, constraint: what.max });
}

function countIn(node: unknown): number {
  if (Array.isArray(node)) return node.reduce<number>((sum, entry) => sum + countIn(entry), 0);
  if (!isObject(node)) return 0;
  return Object.entries(node).reduce(
    (sum, [key, value]) => sum + (key === 'text' && typeof value === 'string' ? characters(value).length : countIn(value)),
    0,
  );
}
