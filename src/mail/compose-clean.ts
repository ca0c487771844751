import sanitizeHtml from 'sanitize-html';

const TEXT_TAGS = 'p br div span a b strong i em u s small h1 h2 h3 h4 hr bdi ul ol li blockquote pre code'.split(' ');
const TABLE_TAGS = 'table thead tbody tr td th img'.split(' ');

const COLOUR = /^(?:#[\da-f]{3,8}|[a-z]{3,20}|rgb\([\d\s,.%]{1,40}\))$/iu;
const LENGTHS = /^(?:(?:[\d.]{1,6}(?:px|em|rem|%|pt)?|auto|inherit|normal)(?:\s+|$)){1,4}$/iu;
const WORDS = /^[\w\s,.#%-]{1,120}$/u;
const DISPLAY = /^(?:block|inline|inline-block)$/u;

const COLOUR_STYLES = 'color background-color border-color'.split(' ');
const LENGTH_STYLES =
  `margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left
  font-size line-height width max-width height border-radius`.split(/\s+/u);
const WORD_STYLES = `font-family font-weight font-style text-align text-decoration vertical-align white-space word-break overflow-wrap
  border border-top border-bottom border-left border-right`.split(/\s+/u);

/** An admin's HTML may look as it likes, but runs nothing, covers nothing and fetches nothing but the logo. */
export function cleanedHtml(html: string, logoUrl: string | null): string {
  return sanitizeHtml(html, {
    allowedTags: [...TEXT_TAGS, ...TABLE_TAGS],
    allowedAttributes: {
      '*': [
        'style',
        'dir',
        'lang',
        'align',
        'role',
        { name: 'class', values: ['t-quote', 't-code', 't-link', 't-muted', 't-box'], multiple: true },
      ],
      a: ['href', 'title'],
      img: ['src', 'alt', 'width', 'height'],
      table: ['width', 'cellpadding', 'cellspacing', 'border'],
      td: ['width', 'colspan', 'rowspan', 'valign'],
      th: ['width', 'colspan', 'rowspan', 'valign'],
      ol: ['start'],
    },
    allowedSchemes: ['https', 'http', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['cid', 'https'] },
    allowProtocolRelative: false,
    allowedStyles: {
      '*': {
        ...allowed(COLOUR_STYLES, COLOUR),
        ...allowed(LENGTH_STYLES, LENGTHS),
        ...allowed(WORD_STYLES, WORDS),
        display: [DISPLAY],
      },
    },
    exclusiveFilter: ({ tag, attribs }) => tag === 'img' && !attribs.src?.startsWith('cid:') && attribs.src !== logoUrl,
  });
}

function allowed(names: string[], value: RegExp): Record<string, RegExp[]> {
  return Object.fromEntries(names.map((name) => [name, [value]]));
}
