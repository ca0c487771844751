import * as fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { expect, test } from 'vitest';
import { clippedDocument, documentHtml } from '#mail/document-html.ts';
import { documentText, plainDocument } from '#text/document.ts';
import type { Block, Document, Inline } from '#text/document.ts';

const LOOK = { linkColour: '#0b6e4f', images: new Set(['pic@desk']), links: 'live' as const };
const ALLOWED_TAGS = 'p br strong em s code a bdi ul ol li pre blockquote img'.split(' ');

test('every kind of block has its HTML', () => {
  const html = htmlOf(
    { type: 'list', ordered: true, items: [[paragraph('one'), { type: 'list', ordered: false, items: [[paragraph('inner')]] }]] },
    { type: 'quote', blocks: [paragraph('said')] },
    { type: 'code', text: 'a < b\n  c' },
    { type: 'image', fileId: 1, alt: 'Screen', contentId: 'pic@desk' },
  );
  expect(html).toMatch(/<ol [^>]*>\n<li [^>]*>one\n<ul [^>]*>\n<li [^>]*>inner<\/li>/u);
  expect(html).toMatch(/<blockquote [^>]*><p [^>]*>said<\/p><\/blockquote>/u);
  expect(html).toMatch(/<pre [^>]*>a &lt; b\n {2}c<\/pre>/u);
  expect(html).toContain('<img src="cid:pic@desk" alt="[Screen]"');
});

test('a picture that does not travel with the mail is named instead', () => {
  expect(htmlOf({ type: 'image', fileId: 1, alt: 'Screen', contentId: 'other@desk' })).toContain('[Screen]');
  expect(htmlOf({ type: 'image', fileId: 1, alt: 'Screen' })).not.toContain('<img');
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', '//evil.example', 'https://', ' javascript:x'])(
  'a link to %s is written out and cannot be clicked',
  (url) => expect(htmlOf(link(url, 'click'))).not.toContain('<a '),
);

test.each(['https://example.com/?a=1&b=2', 'mailto:help@example.com', 'tel:+358401234567'])('a link to %s can be clicked', (url) =>
  expect(htmlOf(link(url, 'click'))).toContain(`<a href="${url.replace('&', '&amp;')}"`),
);

test('a link whose words name another site shows where it leads', () => {
  expect(htmlOf(link('https://evil.example/x', 'https://bank.example'))).toContain('</a> (https://evil.example/x)');
  expect(htmlOf(link('https://evil.example/x', 'bank.example'))).toContain('</a> (https://evil.example/x)');
  expect(htmlOf(link('https://www.bank.example/x', 'bank.example'))).not.toContain('</a> (');
});

test('a workspace emoji nobody outside can see leaves no trace', () => {
  expect(htmlOf({ type: 'paragraph', inlines: [{ type: 'emoji', name: 'party-parrot', unicode: null }] })).not.toContain('parrot');
});

test('no document makes HTML beyond the allowed tags and attributes', () => {
  fc.assert(
    fc.property(documents(), (document) => {
      const seen = new Set<string>();
      const handlers: string[] = [];
      const parser = new Parser({
        onopentag: (name, attributes) => {
          seen.add(name);
          handlers.push(
            ...Object.keys(attributes).filter((attribute) => !['style', 'class', 'dir', 'href', 'src', 'alt'].includes(attribute)),
          );
        },
      });
      parser.end(documentHtml(document, LOOK));
      expect([...seen].filter((tag) => !ALLOWED_TAGS.includes(tag))).toEqual([]);
      expect(handlers).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('a short document is not touched by clipping, and a long one loses only its end', () => {
  const long = plainDocument('one two three\n\nfour five six\n\nseven');
  expect(clippedDocument(long, 100)).toEqual(long);
  expect(documentText(clippedDocument(long, 18))).toBe('one two three\n\nfour…');
});

function htmlOf(...blocks: Block[]): string {
  return documentHtml({ blocks }, LOOK);
}

function paragraph(text: string): Block {
  return { type: 'paragraph', inlines: [{ type: 'text', text }] };
}

function link(url: string, text: string): Block {
  return { type: 'paragraph', inlines: [{ type: 'link', url, text }] };
}

function documents(): fc.Arbitrary<Document> {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('<script>x</script>', '"><img src=x onerror=y>', '</pre>', "' onclick='x", 'javascript:x', 'https://a.example/"x'),
  );
  const inline = fc.oneof(
    piece.map((text): Inline => ({ type: 'text', text, code: true })),
    fc.tuple(piece, piece).map(([url, text]): Inline => ({ type: 'link', url, text })),
    piece.map((name): Inline => ({ type: 'mention', kind: 'user', id: 'U1', name })),
    piece.map((unicode): Inline => ({ type: 'emoji', name: 'x', unicode })),
  );
  const { block } = fc.letrec<{ block: Block }>((tie) => ({
    block: fc.oneof(
      { depthSize: 'small' },
      fc.array(inline, { maxLength: 4 }).map((inlines): Block => ({ type: 'paragraph', inlines })),
      piece.map((text): Block => ({ type: 'code', text, language: text })),
      piece.map((alt): Block => ({ type: 'image', fileId: null, alt, contentId: alt })),
      fc.array(tie('block'), { maxLength: 3 }).map((blocks): Block => ({ type: 'quote', blocks })),
      fc.array(fc.array(tie('block'), { maxLength: 2 }), { maxLength: 3 }).map((items): Block => ({ type: 'list', ordered: true, items })),
    ),
  }));
  return fc.array(block, { maxLength: 5 }).map((blocks) => ({ blocks }));
}
