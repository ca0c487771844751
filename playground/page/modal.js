import { blocks } from './blocks.js';
import { closeTop, submit } from './press.js';
import { state } from './state.js';
import { withEmoji } from './text.js';
import { button, h } from './view.js';

/** The person's topmost modal; those below wait. */
export function modalLayer(reader) {
  const view = state.views.at(-1);
  if (!view) return null;
  const isSending = state.busy.has(`submit ${view.id}`);
  const where = { viewId: view.id, values: view.state.values, errors: view.errors };
  const onSubmit = (event) => {
    event.preventDefault();
    if (!isSending) void submit(view);
  };
  const about = {
    key: view.id,
    class: 'modal',
    role: 'dialog',
    'aria-modal': 'true',
    'aria-label': view.title.text,
    novalidate: true,
    onSubmit,
  };
  return h(
    'div',
    { class: 'overlay', key: 'modal' },
    h(
      'form',
      { ...about, 'data-testid': 'modal', 'data-callback-id': view.callback_id },
      head(view, reader),
      h('div', { class: 'modal-body', key: 'body' }, blocks(view.blocks, where, reader)),
      foot(view, { reader, isSending }),
    ),
  );
}

function head(view, reader) {
  return h(
    'header',
    null,
    state.views.length > 1 ? button({ class: 'icon', label: 'Back', onClick: () => void closeTop(view) }, '‹') : null,
    h('span', { class: 'modal-icon', 'aria-hidden': 'true' }, '🎫'),
    h('h2', { 'data-testid': 'modal-title' }, withEmoji(view.title.text, reader)),
    button({ class: 'icon', label: 'Close', testId: 'modal-close', onClick: () => void closeTop(view, true) }, '×'),
  );
}

function foot(view, { reader, isSending }) {
  const hasErrors = Object.keys(view.errors ?? {}).length > 0;
  const sending = { type: 'submit', class: 'button primary', disabled: isSending, testId: 'modal-submit' };
  return h(
    'footer',
    null,
    hasErrors ? h('span', { class: 'field-error grow' }, 'Please look at the fields marked red.') : null,
    button({ class: 'button', testId: 'modal-cancel', onClick: () => void closeTop(view) }, view.close?.text ?? 'Cancel'),
    view.submit ? button(sending, isSending ? 'Sending…' : withEmoji(view.submit.text, reader)) : null,
  );
}
