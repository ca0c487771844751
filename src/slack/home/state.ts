import { z } from 'zod';

export const TABS = ['work', 'rules', 'people', 'mail'] as const;
export type Tab = (typeof TABS)[number];

/** Lists that are read page by page. */
export const LISTS = ['own', 'mine', 'unassigned', 'held', 'rules', 'people', 'mailboxes', 'addresses'] as const;
export type List = (typeof LISTS)[number];

/** What a person looks at in Home: it travels in the view itself. */
export interface HomeState {
  tab: Tab;
  /** The first page is 0; a list that is not named stands there. */
  pages: Partial<Record<List, number>>;
}

export const FIRST: HomeState = { tab: 'work', pages: {} };

const MAX_PAGE = 100_000;
const page = z.number().int().min(0).max(MAX_PAGE).catch(0);
const state = z.object({ tab: z.enum(TABS).catch('work'), pages: z.partialRecord(z.enum(LISTS), page).catch({}) });

/** What an older release wrote, or nothing at all, is read as the first page. */
export function readState(metadata: string | null | undefined): HomeState {
  if (!metadata) return FIRST;
  try {
    return state.parse(JSON.parse(metadata));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return FIRST;
    throw error;
  }
}

export function stateText(state: HomeState): string {
  return JSON.stringify(state);
}

export function withTab(state: HomeState, tab: string): HomeState {
  return { ...state, tab: TABS.find((one) => one === tab) ?? 'work' };
}

/** `mine:2`, as the pager's buttons say it. */
export function withPage(state: HomeState, value: string): HomeState {
  const [name, number] = value.split(':');
  const list = LISTS.find((one) => one === name);
  if (!list) return state;
  return { ...state, pages: { ...state.pages, [list]: page.parse(Number(number)) } };
}
