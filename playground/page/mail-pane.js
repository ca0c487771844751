import { avatar } from './avatar.js';
import { attempt, mail as tell } from './api.js';
import { briefTime } from './dates.js';
import { loadMails, readMail } from './load.js';
import { letterView } from './mail-letter.js';
import { startWriting, writing } from './mail-write.js';
import { openMenu } from './popover.js';
import { me, state, update } from './state.js';
import { h } from './view.js';

/** The other side: what the desk's customers have in their mailboxes. */
export function mailPane() {
  const { mail } = state;
  const open = mail.mails.find((one) => one.id === mail.open);
  return h(
    'aside',
    { class: 'pane mail', key: 'mail', 'data-testid': 'mail-pane', 'aria-label': "Customers' mailboxes" },
    h(
      'header',
      { class: 'pane-head' },
      h('h1', null, '✉ Customers’ mailboxes'),
      h('span', { class: 'grow' }),
      h(
        'button',
        { type: 'button', class: 'button primary', 'data-testid': 'new-mail', onClick: () => startWriting({ to: deskAddress() }) },
        'New mail',
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'icon',
          'aria-label': 'Close the mailboxes',
          'data-testid': 'close-mail',
          onClick: () => update((now) => (now.mail.isOpen = false)),
        },
        '×',
      ),
    ),
    boxTabs(),
    mail.draft ? writing() : open ? letterView(open) : list(),
  );
}

/** Where customers write: the sender of what they got, else what the demo says. */
export function deskAddress() {
  const got =
    state.mail.mails.find((one) => one.direction === 'in' && !one.isAutomatic) ?? state.mail.mails.find((one) => one.direction === 'in');
  return got?.from.address ?? document.documentElement.dataset.desk ?? 'support@pohjola.example';
}

function boxTabs() {
  return h(
    'div',
    { class: 'boxes', role: 'tablist', 'aria-label': 'Mailboxes' },
    state.mail.boxes.map((box) =>
      h(
        'button',
        {
          key: box.address,
          type: 'button',
          role: 'tab',
          class: box.address === state.mail.box ? 'here' : '',
          'aria-selected': String(box.address === state.mail.box),
          'data-testid': `box-${box.address}`,
          title: `${box.name} <${box.address}>`,
          onClick: () => void openBox(box.address),
        },
        avatar({ id: box.address, name: box.name, isSmall: true }),
        h('span', null, box.name.split(' ')[0]),
        box.unread > 0 ? h('span', { class: 'badge', 'data-testid': `mail-unread-${box.address}` }, String(box.unread)) : null,
      ),
    ),
    h(
      'button',
      {
        key: 'new box',
        type: 'button',
        class: 'add-box',
        title: 'Another mailbox',
        'aria-label': 'Another mailbox',
        onClick: () => update((now) => (now.newBox = { name: '', address: '' })),
      },
      '+',
    ),
    state.newBox ? newBox() : null,
  );
}

function newBox() {
  const set = (name) => (event) => update((now) => (now.newBox[name] = event.target.value));
  const add = (event) => {
    event.preventDefault();
    const given = state.newBox;
    void attempt(async () => {
      await tell('boxes', { ...given, locale: 'en-GB' });
      update((now) => (now.newBox = null));
    });
  };
  return h(
    'form',
    { key: 'new box form', class: 'new-box', onSubmit: add },
    h('input', {
      class: 'field',
      placeholder: 'Name',
      'aria-label': 'Name',
      value: state.newBox.name,
      onInput: set('name'),
      onMount: (node) => node.focus(),
    }),
    h('input', {
      class: 'field',
      placeholder: 'Address',
      'aria-label': 'Address',
      type: 'email',
      value: state.newBox.address,
      onInput: set('address'),
    }),
    h('button', { type: 'submit', class: 'button primary', disabled: !state.newBox.address.includes('@') }, 'Add'),
    h('button', { type: 'button', class: 'button', onClick: () => update((now) => (now.newBox = null)) }, 'Cancel'),
  );
}

export async function openBox(address) {
  update((now) => Object.assign(now.mail, { box: address, open: null, draft: null, mails: [] }));
  await attempt(loadMails);
}

function list() {
  const { mail } = state;
  const box = mail.boxes.find((one) => one.address === mail.box);
  return h(
    'div',
    { class: 'mail-list', key: `list ${mail.box}`, 'data-testid': 'mail-list' },
    box ? boxHead(box) : null,
    mail.mails.map(mailRow),
    mail.mails.length === 0 ? h('p', { class: 'empty' }, 'No mail yet. Write one, and it becomes a ticket.') : null,
  );
}

const MANNERS = { takes: 'takes mail', refuses: 'refuses mail (550)', busy: 'is full (451)' };

/** The mailbox itself, with how its server behaves: for seeing what a failed delivery looks like. */
function boxHead(box) {
  const choose = (manner) => () => void attempt(() => tell('manner', { box: box.address, manner }));
  const items = Object.entries(MANNERS).map(([manner, words]) => ({
    label: `Its server ${words}`,
    testId: `manner-${manner}`,
    onChoose: choose(manner),
  }));
  return h(
    'div',
    { class: 'box-head', key: 'head' },
    h(
      'span',
      { class: 'grow' },
      h('strong', null, box.name),
      ' ',
      h('span', { class: 'quiet' }, `<${box.address}>${box.phone ? ` · ☎ ${box.phone.replaceAll(' ', '\u00a0')}` : ''}`),
    ),
    h(
      'button',
      {
        type: 'button',
        class: `link ${box.manner === 'takes' ? '' : 'warning'}`,
        'data-testid': 'manner',
        'aria-haspopup': 'menu',
        onClick: (event) => openMenu(event.currentTarget, items, { align: 'right', width: 270 }),
      },
      `${MANNERS[box.manner]} ▾`,
    ),
  );
}

function mailRow(one) {
  const isIn = one.direction === 'in';
  const who = isIn ? one.from.name || one.from.address : `To ${one.to.map((to) => to.name || to.address).join(', ')}`;
  const open = () => {
    update((now) => Object.assign(now.mail, { open: one.id, tab: 'mail' }));
    void attempt(() => readMail(one.id));
  };
  return h(
    'button',
    {
      key: one.id,
      type: 'button',
      class: `mail-row ${one.isRead ? '' : 'unread'} ${one.direction}`,
      'data-testid': 'mail-row',
      'data-direction': one.direction,
      'data-id': one.id,
      onClick: open,
    },
    h('span', { class: 'arrow', 'aria-label': isIn ? 'received' : 'sent' }, isIn ? '↓' : '↑'),
    h(
      'span',
      { class: 'grow' },
      h(
        'span',
        { class: 'mail-top' },
        h('strong', null, who),
        one.isAutomatic ? h('span', { class: 'tag' }, 'automatic') : null,
        h('time', null, briefTime(one.at, me())),
      ),
      h('span', { class: 'mail-subject' }, one.subject || '(no subject)', one.fileNames.length > 0 ? ' 📎' : ''),
      h('span', { class: 'quiet snippet' }, one.trouble ? `⚠ Not sent: ${one.trouble}` : one.snippet),
    ),
  );
}
