import { ConfigError } from '#config.ts';
import type { Desk } from '#tickets/desk.ts';

/** A wrong setting ends the start. What may pass does not: small mails are stored without it, and the rest is tried again. */
export async function checkFiles(desk: Desk): Promise<void> {
  try {
    await desk.files.check();
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    desk.log.error({ error }, 'Files cannot be stored at this moment; attachments and large mails wait until they can.');
  }
}
