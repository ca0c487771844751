import type { Modal } from '#slack/doors.ts';
import { addressModal } from './address.ts';
import { mailboxLoginModal } from './mailbox-login-submit.ts';
import { mailboxSettingsModal } from './mailbox-settings.ts';
import { ruleModal } from './rule.ts';

/** The forms that are opened from Home. */
export const homeModals: Modal[] = [ruleModal, mailboxLoginModal, mailboxSettingsModal, addressModal];
