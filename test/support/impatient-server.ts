import { readConfig } from '#config.ts';
import { openHouse } from '../../src/main.ts';

/** `start`, but what reading a mailbox waits for takes seconds where it takes minutes: the same code, sooner. */
process.on('unhandledRejection', (error) => process.stderr.write(`Outside any request: ${String(error)}\n`));
await openHouse(readConfig(process.env), { reading: { lookEveryMs: 1_500, answerMs: 1_500, silenceMs: 6_000, firstPauseMs: 100 } });
// The test is gone: nobody would ever stop this process.
process.on('disconnect', () => process.exit(1));
