import { checkSmtp } from '#mail/check-login.ts';
import { type Check, ok, skipped, wrong } from './check.ts';

export const smtp: Check = {
  name: 'SMTP',
  run: async ({ settings: { MAIL_SMTP_URL: server } }) => {
    if (!server) return skipped('see configuration');
    const { host, port, security, userName, password } = server;
    const login = userName === '' ? null : { user: userName, password };
    const trouble = await checkSmtp({ host, port, security, login });
    return trouble === null
      ? ok(`${host}:${port} ${login ? 'takes the login' : 'answers, without a login'}`)
      : wrong(
          `${host}:${port}: ${trouble}`,
          'MAIL_SMTP_URL: Check host, port, user and password; some providers want a password made for apps. smtps:// speaks TLS from the first byte (465), smtp:// asks for it later (587).',
        );
  },
};
