import { attempt, mail as tell } from './api.js';
import { attachedFiles, readFiles } from './files.js';
import { loadMails } from './load.js';
import { state, toast, update } from './state.js';
import { button, h } from './view.js';

export function startWriting({ to, subject = '', answers }) {
  update((now) => (now.mail.draft = { to, subject, text: '', files: [], answers, isSending: false }));
}

/** A new mail or an answer, from the mailbox that is open. */
export function writing() {
  const { draft, boxes, box } = state.mail;
  const from = boxes.find((one) => one.address === box);
  const set = (name) => (event) => update(() => (draft[name] = event.target.value));
  const onSubmit = (event) => {
    event.preventDefault();
    void send(draft);
  };
  return h(
    'form',
    { class: 'writing', key: 'writing', 'data-testid': 'mail-form', onSubmit },
    h(
      'p',
      { class: 'quiet' },
      draft.answers ? 'Answering as ' : 'Writing as ',
      h('strong', null, from ? `${from.name} <${from.address}>` : ''),
    ),
    line('To', { value: draft.to, onInput: set('to'), 'data-testid': 'mail-to' }),
    line('Subject', {
      value: draft.subject,
      onInput: set('subject'),
      'data-testid': 'mail-subject',
      onMount: (node) => !draft.answers && node.focus(),
    }),
    h('textarea', {
      class: 'field',
      rows: 10,
      value: draft.text,
      onInput: set('text'),
      'aria-label': 'Text',
      'data-testid': 'mail-text-field',
      onMount: (node) => draft.answers && node.focus(),
    }),
    draft.answers ? h('p', { class: 'quiet' }, 'The mail you answer is quoted below yours, as mail programs do.') : null,
    attachedFiles(draft.files, (file) => update(() => (draft.files = draft.files.filter((one) => one !== file)))),
    bar(draft),
  );
}

function line(label, about) {
  return h('label', null, h('span', null, label), h('input', { class: 'field', autocomplete: 'off', ...about }));
}

function bar(draft) {
  const sending = { type: 'submit', class: 'button primary', disabled: draft.isSending || draft.text.trim() === '', testId: 'mail-send' };
  const attaching = {
    type: 'file',
    class: 'unseen',
    multiple: true,
    'data-testid': 'mail-attach',
    onChange: (event) => void attach(draft, event.target),
  };
  return h(
    'div',
    { class: 'writing-bar' },
    button(sending, draft.isSending ? 'Sending…' : 'Send'),
    h('label', { class: 'button' }, h('input', attaching), '📎 Attach'),
    h('span', { class: 'grow' }),
    button({ class: 'button', onClick: () => update((now) => (now.mail.draft = null)) }, 'Discard'),
  );
}

async function attach(draft, field) {
  const chosen = await readFiles(field.files);
  field.value = '';
  update(() => draft.files.push(...chosen));
}

async function send(draft) {
  update(() => (draft.isSending = true));
  await attempt(async () => {
    const { to, subject, text, answers } = draft;
    const sent = await tell('send', {
      box: state.mail.box,
      to,
      subject,
      text,
      files: draft.files.map(({ name, base64 }) => ({ name, base64 })),
      ...(answers ? { answers } : {}),
    });
    if (sent.trouble) return toast(`The desk's server did not take it: ${sent.trouble}`);
    toast('Sent', 'good');
    update((now) => Object.assign(now.mail, { draft: null, open: null }));
    return loadMails();
  });
  update(() => (draft.isSending = false));
}
