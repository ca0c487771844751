import { anchor, channelLink, dateElement, emoji, mention } from './text.js';
import { h } from './view.js';

/** Slack's rich_text blocks as elements. */
export function richText(block, reader) {
  return h('div', { class: 'rich' }, listsTogether(block.elements ?? [], reader));
}

function listsTogether(elements, reader) {
  return elements.map((element) => {
    switch (element.type) {
      case 'rich_text_list':
        return list(element, reader);
      case 'rich_text_quote':
        return h('blockquote', null, inlines(element.elements, reader));
      case 'rich_text_preformatted':
        return h('pre', null, inlines(element.elements, reader));
      default:
        return h('div', { class: 'rich-section' }, inlines(element.elements ?? [], reader));
    }
  });
}

function list({ style, indent = 0, offset = 0, elements }, reader) {
  const items = elements.map((item) => h('li', null, inlines(item.elements ?? [], reader)));
  const place = { style: `margin-left:${indent * 24}px` };
  return style === 'ordered' ? h('ol', { ...place, start: offset + 1 }, items) : h('ul', place, items);
}

function inlines(elements, reader) {
  return elements.map((element) => styled(inlineElement(element, reader), element.style));
}

function inlineElement(element, reader) {
  switch (element.type) {
    case 'text':
      return brokenText(element.text);
    case 'link':
      return anchor(element.url, element.text, reader);
    case 'user':
      return mention(element.user_id, reader);
    case 'usergroup':
      return h('span', { class: 'mention' }, `@${reader.group(element.usergroup_id) ?? 'group'}`);
    case 'channel':
      return channelLink(element.channel_id, reader);
    case 'broadcast':
      return h('span', { class: 'mention loud' }, `@${element.range}`);
    case 'emoji':
      return emoji(element.name, reader) ?? `:${element.name}:`;
    case 'date':
      return dateElement(element, reader);
    default:
      return element.text ?? element.fallback ?? '';
  }
}

function brokenText(text) {
  return text
    .split('\n')
    .flatMap((line, index) => (index === 0 ? [line] : [h('br'), line]))
    .filter((part) => part !== '');
}

function styled(shown, style = {}) {
  const wrapped = [
    ['code', 'code'],
    ['strike', 's'],
    ['italic', 'em'],
    ['bold', 'strong'],
  ].reduce((inner, [name, tag]) => (style[name] ? h(tag, null, inner) : inner), shown);
  return wrapped;
}
