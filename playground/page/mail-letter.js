import { attempt } from './api.js';
import { fullTime } from './dates.js';
import { sizeOf } from './files.js';
import { loadSource } from './load.js';
import { startWriting } from './mail-write.js';
import { me, state, update } from './state.js';
import { button, h } from './view.js';

const FRAME_MARGIN_PIXELS = 24;
/** Said in the frame too, though it inherits the page's: a mail fetches nothing and runs nothing. */
const FRAME_HEAD =
  '<meta http-equiv="content-security-policy" content="default-src \'none\'; img-src data:; style-src \'unsafe-inline\'"><base target="_blank"><style>html{overflow-x:auto;background:#fff;color:#1d1c1d;font:15px/1.5 system-ui,sans-serif}body{margin:12px}img{max-width:100%}</style>';

/** One mail, as a mail program shows it or as it came. */
export function letterView(mail) {
  const letter = state.mail.letters[mail.id];
  return h(
    'div',
    { class: 'letter', key: `letter ${mail.id}`, 'data-testid': 'letter' },
    bar(mail, letter),
    h('h2', { 'data-testid': 'letter-subject' }, mail.subject || '(no subject)'),
    h('dl', { class: 'letter-head' }, (letter?.headers ?? []).map(headLine)),
    letter ? files(mail, letter) : null,
    letter ? words(mail, letter) : h('p', { class: 'empty' }, 'Opening…'),
  );
}

function bar(mail, letter) {
  const answer = () => startWriting(answerTo(mail, letter));
  return h(
    'div',
    { class: 'letter-bar' },
    button({ class: 'button', testId: 'mail-back', onClick: () => update((now) => (now.mail.open = null)) }, '← All mail'),
    h('div', { class: 'tabs', role: 'tablist' }, tab(mail, 'mail', 'Mail'), tab(mail, 'text', 'Text'), tab(mail, 'source', 'Source')),
    h('span', { class: 'grow' }),
    mail.direction === 'in' ? button({ class: 'button primary', testId: 'mail-reply', disabled: !letter, onClick: answer }, 'Reply') : null,
  );
}

function tab(mail, name, label) {
  const isHere = state.mail.tab === name;
  const about = { key: name, role: 'tab', class: isHere ? 'here' : '', 'aria-selected': String(isHere), testId: `mail-tab-${name}` };
  return button({ ...about, onClick: () => openTab(name, mail) }, label);
}

function headLine({ name, value }) {
  const shown = name.toLowerCase() === 'date' ? fullTime(new Date(value), me()) : value;
  return [h('dt', { key: `${name} name` }, name), h('dd', { key: `${name} value` }, shown)];
}

function openTab(name, mail) {
  update((now) => (now.mail.tab = name));
  if (name === 'source') void attempt(() => loadSource(mail.id));
}

function answerTo(mail, letter) {
  const to = letter.replyTo ?? mail.from;
  return { to: to.address, subject: /^(re|vs|sv)\s*:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`, answers: mail.id };
}

function files(mail, letter) {
  const shown = letter.files.filter((file) => !file.isInline);
  if (shown.length === 0) return null;
  return h(
    'div',
    { class: 'attached', key: 'files' },
    shown.map((file) =>
      h(
        'a',
        {
          key: file.index,
          class: 'chip',
          href: `/mail/file?id=${mail.id}&index=${file.index}`,
          download: file.name,
          'data-testid': 'mail-file',
        },
        `📎 ${file.name} · ${sizeOf(file.size)}`,
      ),
    ),
  );
}

function words(mail, letter) {
  if (state.mail.tab === 'source')
    return h('pre', { key: 'source', class: 'source', 'data-testid': 'mail-source' }, state.mail.sources[mail.id] ?? 'Opening…');
  if (state.mail.tab === 'text' || !letter.html)
    return h('div', { key: 'text', class: 'letter-text', 'data-testid': 'mail-text' }, letter.text);
  // Without scripts "allow-same-origin" gives the mail nothing; it lets the page measure how tall it is.
  return h('iframe', {
    key: 'frame',
    class: 'letter-frame',
    title: 'The mail',
    'data-testid': 'mail-frame',
    sandbox: 'allow-same-origin allow-popups allow-popups-to-escape-sandbox',
    referrerpolicy: 'no-referrer',
    srcdoc: FRAME_HEAD + letter.html,
    onLoad: fit,
  });
}

function fit({ currentTarget: frame }) {
  const { body } = frame.contentDocument ?? {};
  if (body) frame.style.height = `${body.scrollHeight + FRAME_MARGIN_PIXELS}px`;
}
