/** Inline styles, because many clients drop the style sheet; it only adds dark mode and narrow screens. */
export const STYLE = {
  font: 'font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#1f2328',
  small:
    'font-family:-apple-system,BlinkMacSystemFont,Segoe UI,Roboto,Helvetica,Arial,sans-serif;font-size:13px;line-height:1.5;color:#59636e',
  paragraph: 'margin:0 0 16px',
  last: 'margin:0',
  heading: 'margin:0 0 8px;font-weight:600',
  label: 'padding:0 12px 4px 0;color:#59636e;font-size:14px;vertical-align:top;white-space:nowrap',
  value: 'padding:0 0 4px;font-size:14px;vertical-align:top;word-break:break-word;overflow-wrap:anywhere',
  list: 'margin:0 0 16px;padding:0 0 0 24px',
  innerList: 'margin:4px 0;padding:0 0 0 24px',
  item: 'margin:0 0 4px',
  quote: 'margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid #d1d9e0;color:#59636e',
  code: 'font-family:Consolas,Menlo,Liberation Mono,monospace;font-size:14px;background-color:#f3f4f6;padding:1px 4px;border-radius:3px',
  pre: 'margin:0 0 16px;padding:12px;background-color:#f3f4f6;border-radius:6px;font-family:Consolas,Menlo,Liberation Mono,monospace;font-size:14px;line-height:1.45;white-space:pre-wrap;word-break:break-word;overflow-wrap:anywhere',
  image: 'display:block;max-width:100%;height:auto;border:0;margin:0 0 16px',
} as const;
