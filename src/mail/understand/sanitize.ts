import type sanitizeHtmlType from 'sanitize-html';

type Sanitizer = typeof sanitizeHtmlType;

const MAX_HTML_LENGTH = 2 * 1024 * 1024;
const MAX_LINKS = 5_000;
const MAX_TAGS = 100_000;
const NESTING_LIMIT = 200;

let loaded: Sanitizer | null = null;

async function sanitizer(): Promise<Sanitizer> {
  loaded ??= (await import('sanitize-html')).default;
  return loaded;
}

const TAGS = [
  'a',
  'abbr',
  'address',
  'article',
  'aside',
  'b',
  'bdi',
  'bdo',
  'big',
  'blockquote',
  'br',
  'caption',
  'center',
  'cite',
  'code',
  'col',
  'colgroup',
  'dd',
  'del',
  'div',
  'dl',
  'dt',
  'em',
  'figcaption',
  'figure',
  'font',
  'footer',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'header',
  'hr',
  'i',
  'img',
  'ins',
  'kbd',
  'li',
  'main',
  'mark',
  'ol',
  'p',
  'pre',
  'q',
  's',
  'samp',
  'section',
  'small',
  'span',
  'strike',
  'strong',
  'sub',
  'sup',
  'table',
  'tbody',
  'td',
  'tfoot',
  'th',
  'thead',
  'time',
  'tr',
  'tt',
  'u',
  'ul',
  'var',
  'wbr',
];
const COLOUR = [/^#[0-9a-f]{3,8}$/i, /^rgba?\([\d\s,.%]{1,40}\)$/i, /^[a-z]{3,20}$/i];
const LENGTH = [/^-?\d{1,4}(?:\.\d{1,3})?(?:px|pt|em|rem|%)?$/i];

/** The mail's HTML by an allow-list; null when it is too big to be worth it. Pictures of the mail itself keep `cid:`, no other is loaded. */
export async function sanitizeMailHtml(html: string): Promise<string | null> {
  if (html.length > MAX_HTML_LENGTH || count(html, '<a', MAX_LINKS) > MAX_LINKS || count(html, '<', MAX_TAGS) > MAX_TAGS) return null;
  const sanitize = await sanitizer();
  return sanitize(html, {
    allowedTags: TAGS,
    allowedAttributes: {
      a: ['href', 'title', 'rel', 'target'],
      img: ['src', 'alt', 'title', 'width', 'height'],
      blockquote: ['type', 'cite'],
      ol: ['start', 'type'],
      td: ['colspan', 'rowspan', 'align', 'valign', 'width', 'bgcolor'],
      th: ['colspan', 'rowspan', 'align', 'valign', 'width', 'bgcolor'],
      table: ['width', 'align', 'border', 'cellpadding', 'cellspacing', 'bgcolor'],
      font: ['color', 'face', 'size'],
      time: ['datetime'],
      '*': ['style', 'dir', 'lang', 'align'],
    },
    allowedStyles: {
      '*': {
        color: COLOUR,
        'background-color': COLOUR,
        'text-align': [/^(?:left|right|center|justify)$/],
        'text-decoration': [/^(?:none|underline|line-through)$/],
        'font-weight': [/^(?:normal|bold|[1-9]00)$/],
        'font-style': [/^(?:normal|italic)$/],
        'margin-left': LENGTH,
        'padding-left': LENGTH,
        width: LENGTH,
      },
    },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['cid'] },
    allowProtocolRelative: false,
    nestingLimit: NESTING_LIMIT,
    exclusiveFilter: (frame) => frame.tag === 'img' && !/^cid:/i.test(frame.attribs['src'] ?? ''),
    transformTags: {
      a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: 'noopener noreferrer nofollow', target: '_blank' } }),
    },
  }).trim();
}

function count(text: string, wanted: string, enough: number): number {
  let found = 0;
  for (let at = text.indexOf(wanted); at !== -1 && found <= enough; at = text.indexOf(wanted, at + wanted.length)) found++;
  return found;
}
