import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take the longest, longest first: begun last, they would run alone at the end. */
const SLOW = [
  'test/crash/random-kills-sqlite.wide.ts',
  'test/crash/fail-points.wide.ts',
  'test/slack-faults.wide.ts',
  'test/slack/guarded-replies.test.ts',
  'test/slack/edited-replies.test.ts',
  'test/story/story.test.ts',
  'test/tickets/erase.test.ts',
  'playground/test/page.test.ts',
  'test/slack/deliberate-replies.test.ts',
  'test/slack/tickets-from-slack.test.ts',
  'test/faults/slack.test.ts',
  'test/faults/cli.test.ts',
];

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification) => {
      const at = SLOW.findIndex((name) => file.moduleId.endsWith(`/${name}`));
      return at === -1 ? SLOW.length : at;
    };
    return files.toSorted((a, b) => rank(a) - rank(b));
  }
}
