/** A page is drawn anew from its state at every change; here the document is brought to what was drawn, keeping focus and scroll. */

const HANDLERS = Symbol('handlers');
const KEY = Symbol('key');
const NAMES = Symbol('names');
const PROPERTIES = new Set(['value', 'checked', 'disabled', 'hidden', 'multiple', 'selected', 'readOnly', 'srcdoc']);
const SVG_TAGS = new Set(['svg', 'path', 'circle', 'rect', 'line', 'polyline']);
const SVG = 'http://www.w3.org/2000/svg';

/** Strings become text, never markup. */
export function h(tag, props, ...children) {
  const { key, onMount, onPatch, ...rest } = props ?? {};
  return { tag, key, onMount, onPatch, props: rest, children: children.flat(Infinity).filter(isShown) };
}

/** A button that submits nothing; `testId` and `label` are short for their attributes. */
export function button({ testId, label, ...props }, ...children) {
  return h('button', { type: 'button', 'data-testid': testId, 'aria-label': label, ...props }, ...children);
}

function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== true;
}

/** Makes the children of an element what was drawn. */
export function patch(parent, drawn) {
  const children = drawn.filter(isShown);
  const before = [...parent.childNodes];
  const byKey = new Map(before.filter((node) => node[KEY] !== undefined).map((node) => [node[KEY], node]));
  const unkeyed = before.filter((node) => node[KEY] === undefined);
  const used = new Set();
  let place = parent.firstChild;
  for (const child of children) {
    const node = reusable(child, byKey, unkeyed, used) ?? create(child);
    used.add(node);
    while (place !== null && place !== node && before.includes(place) && !used.has(place) && isGone(place, children)) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
    if (place === node) place = node.nextSibling;
    else parent.insertBefore(node, place);
    bring(node, child);
  }
  for (const node of before) if (!used.has(node)) node.remove();
}

/** Removing what is gone first spares what stays from being moved, which would lose its focus. */
function isGone(node, children) {
  return node[KEY] !== undefined && !children.some((child) => child.key === node[KEY]);
}

function reusable(child, byKey, unkeyed, used) {
  if (child.key !== undefined) {
    const node = byKey.get(child.key);
    return node && !used.has(node) && isSameKind(node, child) ? node : undefined;
  }
  const at = unkeyed.findIndex((node) => isSameKind(node, child));
  if (at < 0) return undefined;
  const [node] = unkeyed.splice(0, at + 1).slice(-1);
  return node;
}

function isSameKind(node, child) {
  if (typeof child !== 'object') return node.nodeType === Node.TEXT_NODE;
  return node.nodeType === Node.ELEMENT_NODE && node.localName === child.tag;
}

function create(child) {
  if (typeof child !== 'object') return document.createTextNode(String(child));
  const node = SVG_TAGS.has(child.tag) ? document.createElementNS(SVG, child.tag) : document.createElement(child.tag);
  if (child.key !== undefined) node[KEY] = child.key;
  node[HANDLERS] = {};
  if (child.onMount) queueMicrotask(() => child.onMount(node));
  return node;
}

function bring(node, child) {
  if (typeof child !== 'object') {
    const text = String(child);
    if (node.data !== text) node.data = text;
    return;
  }
  setProps(node, child.props);
  patch(node, child.children);
  // A select takes a value only once its options are there.
  if (child.tag === 'select' && child.props.value !== undefined && node.value !== child.props.value) node.value = child.props.value;
  child.onPatch?.(node);
}

function setProps(node, props) {
  const handlers = {};
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith('on') && typeof value === 'function') handlers[name.slice(2).toLowerCase()] = value;
    else if (PROPERTIES.has(name)) setProperty(node, name, value);
    else setAttribute(node, name, value);
  }
  // Only what an earlier drawing set goes away: heights that a measurement set stay.
  for (const name of node[NAMES] ?? []) if (!(name in props) && !PROPERTIES.has(name)) node.removeAttribute(name);
  node[NAMES] = Object.keys(props);
  for (const type of Object.keys(handlers)) if (!(type in node[HANDLERS])) node.addEventListener(type, dispatch);
  node[HANDLERS] = { ...Object.fromEntries(Object.keys(node[HANDLERS]).map((type) => [type, null])), ...handlers };
}

function setProperty(node, name, value) {
  const wanted = value ?? (name === 'value' || name === 'srcdoc' ? '' : false);
  if (node[name] !== wanted) node[name] = wanted;
}

function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) return node.removeAttribute(name);
  const text = value === true ? '' : String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

function dispatch(event) {
  event.currentTarget[HANDLERS][event.type]?.(event);
}
