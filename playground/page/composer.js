import { openEmojiPicker } from './emoji-picker.js';
import { attachedFiles, readFiles } from './files.js';
import { startEditing } from './message-acts.js';
import { send } from './send.js';
import { state, update } from './state.js';
import { suggestFor, suggestionKey, suggestions } from './suggest.js';
import { typedText } from './text.js';
import { button, h } from './view.js';

/** Where people write. `box` is { channel, key, threadTs, editing, placeholder, onDone, reader, room }. */
export function composer(box) {
  const text = state.drafts[box.key] ?? (box.editing ? typedText(box.editing.text, box.reader) : '');
  const files = state.attached[box.key] ?? [];
  const isEmpty = text.trim() === '' && files.length === 0;
  return h(
    'form',
    {
      class: 'composer',
      key: `composer ${box.key}`,
      onSubmit: (event) => event.preventDefault(),
      onDragover: (event) => event.preventDefault(),
      onDrop: (event) => attachEvent(event, box, event.dataTransfer),
    },
    suggestions(box),
    field(box, text),
    attachedFiles(files, (file) => update((now) => (now.attached[box.key] = files.filter((one) => one !== file)))),
    bar(box, { text, isEmpty }),
  );
}

function bar(box, { text, isEmpty }) {
  const pickEmoji = (event) => openEmojiPicker(event.currentTarget, (name) => insert(box, text, `:${name}: `));
  const sending = { class: 'button send', disabled: isEmpty, onClick: () => void send(box, text), testId: 'send' };
  return h(
    'div',
    { class: 'composer-bar' },
    box.editing ? null : attachButton(box),
    button({ class: 'icon', title: 'Emoji', label: 'Emoji', onClick: pickEmoji }, '☺'),
    box.threadTs && !box.editing ? broadcast(box) : h('span', { class: 'grow' }),
    box.editing ? button({ class: 'button', onClick: box.onDone }, 'Cancel') : null,
    button({ ...sending, label: box.editing ? 'Save' : 'Send' }, box.editing ? 'Save' : '➤'),
  );
}

function field(box, text) {
  return h('textarea', {
    key: 'field',
    rows: 1,
    value: text,
    placeholder: box.placeholder ?? 'Message',
    'aria-label': box.placeholder ?? 'Message',
    'data-testid': box.editing ? 'edit-composer' : box.threadTs ? 'thread-composer' : 'composer',
    onMount: (node) => box.editing && node.focus(),
    onInput: (event) => {
      const { target } = event;
      update((now) => (now.drafts[box.key] = target.value));
      suggestFor(box, target);
    },
    onKeydown: (event) => onKey(event, box),
    onBlur: () => state.suggestions && update((now) => delete now.suggestions),
    onPaste: (event) => event.clipboardData.files.length > 0 && attachEvent(event, box, event.clipboardData),
    onPatch: fit,
  });
}

const MAX_HEIGHT = 220;

function fit(node) {
  node.style.height = 'auto';
  node.style.height = `${Math.min(node.scrollHeight + 2, MAX_HEIGHT)}px`;
}

function onKey(event, box) {
  if (event.isComposing || suggestionKey(event, box)) return;
  const { value } = event.currentTarget;
  if (event.key === 'Enter' && !event.shiftKey) {
    event.preventDefault();
    void send(box, value);
  } else if (event.key === 'Escape' && box.editing) {
    event.stopPropagation();
    box.onDone();
  } else if (event.key === 'ArrowUp' && value === '' && !box.editing) {
    const last = lastOwn(box);
    if (!last) return;
    event.preventDefault();
    startEditing(last, { channel: box.channel, isThread: Boolean(box.threadTs) });
  }
}

function lastOwn(box) {
  const shown = box.threadTs ? state.threads[`${box.channel}/${box.threadTs}`] : state.messages[box.channel];
  return shown?.findLast(
    (message) => message.user === state.me && !message.bot_id && [undefined, 'file_share', 'thread_broadcast'].includes(message.subtype),
  );
}

function insert(box, text, piece) {
  update((now) => (now.drafts[box.key] = text === '' || /\s$/.test(text) ? text + piece : `${text} ${piece}`));
}

function attachButton(box) {
  return h(
    'label',
    { class: 'icon', title: 'Attach a file' },
    h('input', {
      type: 'file',
      class: 'unseen',
      multiple: true,
      'aria-label': 'Attach a file',
      'data-testid': box.threadTs ? 'thread-attach' : 'attach',
      onChange: (event) => void attach(box, event.target),
    }),
    '📎',
  );
}

async function attach(box, field) {
  const chosen = await readFiles(field.files);
  field.value = '';
  update((now) => (now.attached[box.key] = [...(now.attached[box.key] ?? []), ...chosen]));
}

async function attachEvent(event, box, { files }) {
  if (files.length === 0) return;
  event.preventDefault();
  const chosen = await readFiles(files);
  update((now) => (now.attached[box.key] = [...(now.attached[box.key] ?? []), ...chosen]));
}

function broadcast(box) {
  const onChange = (event) => {
    const isOn = event.target.checked;
    update((now) => (now.broadcast = isOn ? box.key : null));
  };
  return h(
    'label',
    { class: 'grow broadcast' },
    h('input', { type: 'checkbox', checked: state.broadcast === box.key, onChange }),
    ` Also send to ${box.room ?? 'the channel'}`,
  );
}
