import { update } from './state.js';
import { h } from './view.js';

const KILO = 1_024;

/** Files of a message: images as they are, the rest as cards; all can be saved. */
export function files(list) {
  if (list.length === 0) return null;
  return h('div', { class: 'files' }, list.map(fileItem));
}

function fileItem(file) {
  if (file.mode === 'tombstone') return h('div', { key: file.id, class: 'file' }, 'This file was deleted.');
  const source = `/play/files/${file.id}`;
  const save = h('a', { class: 'save', href: source, download: file.name, title: 'Save', 'aria-label': `Save ${file.name}` }, '⤓');
  if (file.mimetype.startsWith('image/') && file.mimetype !== 'image/svg+xml') {
    const zoom = () => update((now) => (now.picture = { source, name: file.name }));
    return h(
      'figure',
      { key: file.id, class: 'picture', 'data-testid': 'file' },
      h('figcaption', null, file.name, ' ', save),
      h(
        'button',
        { type: 'button', onClick: zoom, 'aria-label': `Show ${file.name}` },
        h('img', { src: source, alt: file.alt_txt ?? file.name, loading: 'lazy' }),
      ),
    );
  }
  return h(
    'div',
    { key: file.id, class: 'file', 'data-testid': 'file' },
    h('span', { class: 'file-kind' }, (/\.([^.]{1,4})$/.exec(file.name)?.[1] ?? 'file').toUpperCase()),
    h('span', null, h('strong', null, file.name), h('small', null, sizeOf(file.size))),
    save,
  );
}

export function sizeOf(bytes) {
  if (bytes < KILO) return `${bytes} B`;
  return bytes < KILO * KILO ? `${Math.round(bytes / KILO)} kB` : `${(bytes / KILO / KILO).toFixed(1)} MB`;
}

/** Files a person chose, as the workspace and the mailboxes take them. */
export async function readFiles(chosen) {
  return Promise.all([...chosen].map(async (file) => ({ name: file.name, size: file.size, base64: await base64(file) })));
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const asks = new FileReader();
    asks.addEventListener('load', () => resolve(asks.result.slice(asks.result.indexOf(',') + 1)));
    asks.addEventListener('error', () => reject(asks.error));
    asks.readAsDataURL(file);
  });
}

/** What is about to be sent along. */
export function attachedFiles(list, remove) {
  if (list.length === 0) return null;
  return h(
    'div',
    { class: 'attached' },
    list.map((file, index) =>
      h(
        'span',
        { class: 'chip', key: `${index} ${file.name}`, 'data-testid': 'attached' },
        `📎 ${file.name} · ${sizeOf(file.size)}`,
        h('button', { type: 'button', 'aria-label': `Remove ${file.name}`, onClick: () => remove(file) }, '×'),
      ),
    ),
  );
}
