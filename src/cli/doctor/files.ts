import { randomUUID } from 'node:crypto';
import { systemClock } from '#clock.ts';
import { filesProblems, type FilesConfig } from '#config/files.ts';
import { openFileStore } from '#files/open.ts';
import { explain } from '../explain.ts';
import { type Check, ok, skipped, wrong } from './check.ts';

export const files: Check = {
  name: 'files',
  run: async ({ settings, environment }) => {
    const { FILES_URL: url } = settings;
    if (!url || filesProblems(environment).length > 0) return skipped('see configuration');
    try {
      const store = await openFileStore(settings as FilesConfig, systemClock);
      // Bytes nobody else has: what is removed again is ours.
      const bytes = Buffer.from(`doctor ${randomUUID()}`);
      const sha256 = await store.put(bytes);
      const isSame = bytes.equals(await store.get(sha256));
      await store.remove(sha256);
      return isSame ? ok(`${url} keeps what it is given`) : wrong(`${url} gave back other bytes`, 'Check the disk.');
    } catch (error) {
      return wrong(`${url} can't be used`, explain(error).words);
    }
  },
};
