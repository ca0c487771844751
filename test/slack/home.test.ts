import { expect, test } from 'vitest';
import { LANGUAGES, translator } from '#i18n.ts';
import { DEFAULT_TRIGGERS } from '#rules/defaults.ts';
import type { AddressLine } from '#slack/home/admin-addresses.ts';
import type { MailboxLine } from '#slack/home/admin-mail.ts';
import type { PersonLine } from '#slack/home/admin-people.ts';
import type { RuleLine } from '#slack/home/admin-rules.ts';
import type { ReplyLine, WorkFacts } from '#slack/home/agent.ts';
import { type HomeFacts, type HomeView, homeView } from '#slack/home/home.ts';
import type { Page } from '#slack/home/parts.ts';
import { FIRST, readState, stateText, withPage, withTab } from '#slack/home/state.ts';
import type { TicketLine } from '#slack/home/tickets.ts';
import { validateView } from '../../playground/blocks/validate.ts';

const AT = new Date('2026-03-02T12:00:00Z');
const HOSTILE = '<!channel> <@U0BOSS> <https://bank.test|click> & *b* _i_ `c` ```x``` \u202e' + '&<>'.repeat(400);
const t = translator('en');

const ticket: TicketLine = {
  id: 7,
  name: 'TK-7',
  subject: 'Printer',
  requester: 'Liisa',
  status: 'open',
  priority: 'high',
  createdAt: AT,
  url: 'https://slack.com/archives/C1/p100',
};
const reply: ReplyLine = {
  name: 'TK-7',
  subject: 'Printer',
  trouble: 'failed',
  words: 'Try again.',
  reasons: [],
  response: '550 no such mailbox',
  at: AT,
  url: 'https://slack.com/archives/C1/p100',
};
const rules: RuleLine[] = DEFAULT_TRIGGERS.map((rule, index) => ({ ...rule, id: index + 1, version: 1, rule, firings: index }));

function page<T>(items: T[], total = items.length, at = 0): Page<T> {
  return { items, page: at, total };
}

/** The second page of a hundred. */
function full<T extends object>(item: T): Page<T> {
  return page(
    Array.from({ length: 10 }, (_, index) => ({ ...item, id: index + 1 })),
    1_000,
    1,
  );
}

function facts(content: HomeFacts['content'], role: HomeFacts['role'] = 'admin'): HomeFacts {
  return { role, state: FIRST, areRepliesSent: true, content };
}

function work(changes: Partial<WorkFacts> = {}): WorkFacts {
  return {
    tab: 'work',
    mine: page<TicketLine>([]),
    unassigned: page<TicketLine>([]),
    held: page<ReplyLine>([]),
    quarantine: null,
    ...changes,
  };
}

function shown(view: HomeView): string {
  return JSON.stringify(view.blocks);
}

const hostileTicket = { ...ticket, subject: HOSTILE, requester: HOSTILE };
const hostileReply = {
  ...reply,
  subject: HOSTILE,
  words: HOSTILE,
  response: HOSTILE,
  reasons: [{ key: 'hold.greeting', params: { name: HOSTILE } }],
};
const hostileRule = {
  ...rules[0]!,
  builtin: null,
  name: HOSTILE,
  rule: {
    ...DEFAULT_TRIGGERS[0]!,
    conditions: {
      all: [{ fact: 'words' as const, contain: Array.from({ length: 50 }, () => HOSTILE) }],
      any: [{ fact: 'language' as const, in: ['<!x>'] }],
    },
    actions: [
      { do: 'tag' as const, tags: [HOSTILE] },
      { do: 'group' as const, groupId: 1 },
    ],
  },
};
const hostilePerson: PersonLine = { id: 3, name: HOSTILE, slackId: 'U0ANNA', role: 'agent' };
const trouble = (key: string) => ({ key, params: { host: HOSTILE, port: 993, words: HOSTILE }, since: AT.getTime(), isTold: true });
const mailbox: MailboxLine = {
  id: 5,
  version: 2,
  name: 'support@pohjola.test',
  auth: 'password',
  isFromEnvironment: false,
  isEnabled: true,
  userName: 'support',
  imap: 'imap.pohjola.test:993',
  folder: 'INBOX',
  readAt: AT,
  imapTrouble: null,
  smtp: 'smtp.pohjola.test:587',
  smtpTrouble: null,
  pausedAt: null,
  addresses: { shown: ['support@pohjola.test'], total: 1 },
};
const hostileMailbox: MailboxLine = {
  ...mailbox,
  name: HOSTILE,
  auth: 'google',
  userName: HOSTILE,
  imap: HOSTILE,
  folder: HOSTILE,
  imapTrouble: trouble('login'),
  smtp: HOSTILE,
  smtpTrouble: trouble('certificate'),
  pausedAt: AT,
  addresses: { shown: Array.from({ length: 5 }, () => HOSTILE), total: 200 },
};
const hostileAddress: AddressLine = {
  id: 8,
  mark: 'x'.repeat(16),
  address: HOSTILE,
  displayName: HOSTILE,
  group: HOSTILE,
  language: HOSTILE,
  mailbox: HOSTILE,
  isDefault: false,
};
const quarantine = {
  count: 1_000,
  newest: Array.from({ length: 5 }, (_, id) => ({ id, from: HOSTILE, reasons: [HOSTILE, HOSTILE], at: AT })),
};

const crowded: [string, HomeFacts['content']][] = [
  ['own', { tab: 'own', standing: 'may', tickets: full(hostileTicket) }],
  ['work', work({ mine: full(hostileTicket), unassigned: full(hostileTicket), held: full(hostileReply), quarantine })],
  ['rules', { tab: 'rules', rules: full(hostileRule), groups: new Map([[1, HOSTILE]]) }],
  ['people', { tab: 'people', people: full(hostilePerson), stamp: 'x' }],
  ['mail', { tab: 'mail', mailboxes: full(hostileMailbox), addresses: full(hostileAddress) }],
];

test.each(crowded)(
  'with a thousand of everything, and names that try to break out, Slack takes the tab %s in every language',
  (_tab, content) => {
    for (const language of LANGUAGES) {
      const view = homeView({ ...facts(content), areRepliesSent: false }, translator(language));
      expect(validateView(view, 'home')).toEqual([]);
    }
  },
);

test.each(crowded)('nobody outside can mention, link or break out on the tab %s', (_tab, content) => {
  const texts = [...shown(homeView(facts(content), t)).matchAll(/"type":"mrkdwn","text":"((?:[^"\\]|\\.)*)"/g)].map(
    (match) => match[1] ?? '',
  );
  expect(texts.length).toBeGreaterThan(0);
  const tokens = texts.flatMap((text) => text.match(/<[^>]*>/g) ?? []);
  const allowed = /^<(!date\^\d+\^\{date_short_pretty\} \{time\}\|[^|<>]*|@U0ANNA|https:\/\/slack\.com\/archives\/C1\/p100\|TK-7)>$/;
  expect(tokens.filter((token) => !allowed.test(token))).toEqual([]);
});

test('an agent has no tabs; an admin has them, on the one that is open', () => {
  expect(shown(homeView(facts(work(), 'agent'), t))).not.toContain('home.tab');
  const view = homeView(facts({ tab: 'rules', rules: page(rules), groups: new Map() }), t);
  const [tabs] = view.blocks as unknown as { elements: { value: string; style?: string }[] }[];
  expect(tabs?.elements.map(({ value, style }) => [value, style])).toEqual([
    ['work', undefined],
    ['rules', 'primary'],
    ['people', undefined],
    ['mail', undefined],
  ]);
});

test('a ticket is shown with number, subject, requester, status, priority, age and the way to its thread', () => {
  const view = homeView(facts(work({ mine: page([ticket]) }), 'agent'), t);
  const block = view.blocks.find((one) => JSON.stringify(one).includes('TK-7')) as unknown as {
    text: { text: string };
    accessory: { url: string };
  };
  expect(block.text.text).toMatch(/^\*TK-7 · Printer\*\n👤 Liisa {2}· {2}🟢 open {2}· {2}🔺 high {2}· {2}🕑 <!date\^1772452800\^/);
  expect(block.accessory.url).toBe(ticket.url);
});

test('an unassigned ticket has Take, with its id', () => {
  const view = homeView(facts(work({ unassigned: page([ticket]) }), 'agent'), t);
  const block = view.blocks.find((one) => JSON.stringify(one).includes('card.take')) as unknown as {
    accessory: { action_id: string; value: string };
  };
  expect(block.accessory).toMatchObject({ action_id: 'card.take', value: '7' });
});

test('a failed reply says what the mail server said', () => {
  expect(shown(homeView(facts(work({ held: page([reply]) }), 'agent'), t))).toContain('Not delivered. 550 no such mailbox');
});

test('somebody without a role sees their own tickets, and may ask to join once', () => {
  const own = (standing: 'may' | 'asked' | 'light') => shown(homeView(facts({ tab: 'own', standing, tickets: page([ticket]) }, 'none'), t));
  expect(own('may')).toContain('join.ask');
  expect(own('may')).toContain('home.create');
  expect(own('asked')).not.toContain('join.ask');
  expect(own('light')).not.toContain('join.ask');
  expect(own('may')).toContain('TK-7');
});

test('when the rule that sends answers is off, every agent and admin reads that answers never leave', () => {
  for (const language of LANGUAGES) {
    const translate = translator(language);
    const warning = translate('rules:off.warning', { rule: translate('rules:name.reply') });
    expect(shown(homeView({ ...facts(work(), 'agent'), areRepliesSent: false }, translate))).toContain(warning);
    expect(shown(homeView(facts(work(), 'agent'), translate))).not.toContain(warning);
  }
  const off = rules.map((line) => (line.builtin === 'reply' ? { ...line, isEnabled: false } : line));
  const view = shown(homeView(facts({ tab: 'rules', rules: page(off), groups: new Map() }), t));
  expect(view).toContain('Answers to customers do not leave by this rule while it is off.');
});

test('switching off the rule that sends answers asks first, and says what follows', () => {
  const view = homeView(facts({ tab: 'rules', rules: page(rules), groups: new Map() }), t);
  const confirms = view.blocks.filter((block) => JSON.stringify(block).includes('"confirm"'));
  expect(confirms).toHaveLength(1);
  expect(JSON.stringify(confirms)).toContain('they are held and never leave');
});

test('a shipped rule is named and explained in the reader’s language; one an admin named keeps its name', () => {
  const finnish = (line: RuleLine) => shown(homeView(facts({ tab: 'rules', rules: page([line]), groups: new Map() }), translator('fi')));
  const [routing] = rules;
  expect(finnish(routing!)).toContain('Ohjaus sanojen mukaan');
  expect(finnish(routing!)).toContain('aseta prioriteetiksi');
  expect(finnish({ ...routing!, name: 'Kiireiset ensin' })).toContain('Kiireiset ensin');
});

test('a rule whose row was damaged is shown as such and can’t be edited', () => {
  const view = shown(homeView(facts({ tab: 'rules', rules: page([{ ...rules[0]!, rule: null }]), groups: new Map() }), t));
  expect(view).toContain(t('rules:damaged'));
  expect(view).not.toContain('rule.edit');
});

test('a list says where in it one is, and steps where there is a step', () => {
  const steps = (at: number, items: number) => {
    const view = shown(
      homeView(
        facts(
          work({
            mine: page(
              Array.from({ length: items }, () => ticket),
              25,
              at,
            ),
          }),
          'agent',
        ),
        t,
      ),
    );
    return { place: /\d+–\d+ of \d+/.exec(view)?.[0], values: [...view.matchAll(/"(mine:\d+)"/g)].map((match) => match[1]) };
  };
  expect(steps(0, 10)).toEqual({ place: '1–10 of 25', values: ['mine:1'] });
  expect(steps(1, 10)).toEqual({ place: '11–20 of 25', values: ['mine:0', 'mine:2'] });
  expect(steps(2, 5)).toEqual({ place: '21–25 of 25', values: ['mine:1'] });
});

test('where somebody stands travels in the view; what can’t be read is the first page', () => {
  const state = withPage(withTab(FIRST, 'rules'), 'mine:3');
  expect(readState(stateText(state))).toEqual({ tab: 'rules', pages: { mine: 3 } });
  expect(stateText(state).length).toBeLessThan(3_000);
  for (const odd of ['', '{', 'null', '[]', '{"tab":"x"}', '{"tab":"work","pages":{"mine":-1}}', null])
    expect(readState(odd).tab).toBe('work');
  expect(withPage(FIRST, 'nothing:1')).toEqual(FIRST);
  expect(withPage(FIRST, 'mine:x').pages.mine).toBe(0);
});

const mail = (one: Partial<MailboxLine>): HomeFacts['content'] => ({
  tab: 'mail',
  mailboxes: page([{ ...mailbox, ...one }]),
  addresses: page<AddressLine>([]),
});

test('a mailbox in trouble says since when, what is wrong and what to do; a paused one can be resumed', () => {
  const imapTrouble = { key: 'refused', params: { host: 'imap.pohjola.test', port: 993 }, since: AT.getTime(), isTold: true };
  const troubled = shown(homeView(facts(mail({ imapTrouble, pausedAt: AT })), t));
  expect(troubled).toContain('Nothing listens at imap.pohjola.test:993. Check the port');
  expect(troubled).toMatch(/Since <!date\^1772452800\^/);
  expect(troubled).toContain('mailbox.resume');
  const sound = shown(homeView(facts(mail({})), t));
  expect(sound).not.toContain('mailbox.resume');
  expect(sound).not.toContain('⚠️');
});

test('the environment’s mailbox is tested and set here; its login, its switch and its end are the environment’s', () => {
  const view = shown(homeView(facts(mail({ isFromEnvironment: true })), t));
  for (const action of ['mailbox.test', 'mailbox.settings']) expect(view).toContain(action);
  for (const action of ['mailbox.login', 'mailbox.switch', 'mailbox.remove']) expect(view).not.toContain(action);
});

test('the first steps say what is done and what is not, each with the way to it, in every language', () => {
  const guide = {
    isMailHere: false,
    locale: { isSeen: false, language: 'fi', timeZone: 'Europe/Helsinki' },
    hasTeam: false,
    isRuleSeen: false,
  };
  const steps = (more: Partial<NonNullable<HomeFacts['guide']>>, language = 'en') =>
    homeView({ ...facts(work()), guide: { channel: null, ...guide, ...more } }, translator(language));
  for (const language of LANGUAGES)
    for (const channel of [null, { id: 'C0SUPPORT', isIn: false }, { id: 'C0SUPPORT', isIn: true }])
      expect(validateView(steps({ channel }, language), 'home')).toEqual([]);
  expect(shown(steps({})).match(/⬜/g)).toHaveLength(5);
  const half = shown(steps({ channel: { id: 'C0SUPPORT', isIn: true }, isMailHere: true, isRuleSeen: true }));
  expect(half.match(/✅/g)).toHaveLength(3);
  expect(half).toContain('3 of 5 done');
  expect(half).toContain('read Finnish unless');
  expect(shown(steps({ channel: { id: 'C0SUPPORT', isIn: false } }))).toContain('`/invite @Tiketti` in *<#C0SUPPORT>*');
});
