import { checkTemplates } from '#mail/check-templates.ts';
import { type Check, ok, wrong } from './check.ts';

export const templates: Check = {
  name: 'templates',
  run: async () => {
    const { rendered, problems } = checkTemplates(new Date());
    return problems.length === 0
      ? ok(`${rendered} mails rendered`)
      : wrong(problems.slice(0, 3).join('; '), 'The program is damaged or half upgraded: install it again.');
  },
};
