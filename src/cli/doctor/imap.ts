import { checkImap } from '#mail/check-login.ts';
import { type Check, ok, skipped, wrong } from './check.ts';

export const imap: Check = {
  name: 'IMAP',
  run: async ({ settings: { MAIL_IMAP_URL: server } }) => {
    if (!server) return skipped('MAIL_IMAP_URL is not set');
    const { host, port, security, userName, password } = server;
    const login = userName === '' ? null : { user: userName, password };
    const trouble = await checkImap({ host, port, security, login });
    return trouble === null
      ? ok(`${host}:${port} ${login ? 'takes the login' : 'answers, without a login'}`)
      : wrong(
          `${host}:${port}: ${trouble}`,
          'MAIL_IMAP_URL: Check host, port, user and password; some providers want a password made for apps. imaps:// speaks TLS from the first byte (993), imap:// asks for it later (143).',
        );
  },
};
