import { expect, test } from 'vitest';
import { sanitizeMailHtml } from '#mail/understand/sanitize.ts';

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)></svg>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<iframe src="https://example.net"></iframe>',
  '<form action="https://example.net"><input name=p></form>',
  '<meta http-equiv=refresh content="0;url=https://example.net">',
  '<base href="https://example.net/">',
  '<link rel=stylesheet href="https://example.net/a.css">',
  '<style>@import "https://example.net/a.css"</style>',
  '<p style="background:url(https://example.net/a.gif)">x</p>',
  '<p style="position:fixed;top:0">x</p>',
  '<object data="https://example.net"></object>',
  '<math><mtext></p><img src=x onerror=alert(1)></mtext></math>',
  '<img src="https://example.net/pixel.gif">',
  '<img src="//example.net/pixel.gif">',
  '<video src="https://example.net/a.mp4" autoplay></video>',
  '<div onclick="alert(1)">x</div>',
])('nothing of %s runs, loads or leaves its place', async (html) => {
  expect(await sanitizeMailHtml(html)).not.toMatch(
    /<(?:script|iframe|form|meta|base|link|style|object|svg|video|input)|on\w+=|javascript:|data:|url\(|position|example\.net/i,
  );
});

test('what people write stays', async () => {
  const html =
    '<p>Hello <b>you</b></p><ul><li>one</li></ul><table><tbody><tr><td colspan="2">cell</td></tr></tbody></table><img src="cid:a@b" alt="x" />';
  expect(await sanitizeMailHtml(html)).toBe(html);
});

test('links open elsewhere and say nothing about where they were', async () => {
  expect(await sanitizeMailHtml('<a href="https://example.com/a">x</a>')).toBe(
    '<a href="https://example.com/a" rel="noopener noreferrer nofollow" target="_blank">x</a>',
  );
});

test('HTML too big to be worth it is not touched', async () => {
  expect(await sanitizeMailHtml('<p>x</p>'.repeat(400_000))).toBeNull();
  expect(await sanitizeMailHtml('<a href="https://example.com">x</a>'.repeat(6_000))).toBeNull();
});
