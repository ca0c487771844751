import type { World } from './world.ts';

/** When in a customer's matter it happens. */
export type Stage = 'mail' | 'reply';

/** One thing that goes wrong in a matter. */
export interface Trouble {
  title: string;
  stage: Stage;
  isDeadly: boolean;
  /** Makes it happen at the next opportunity. */
  arm(world: World): Promise<void>;
}

/** Steps of the server at which it is killed, by the stage in which they are reached first. */
export const STEPS: Record<Stage, readonly string[]> = {
  mail: ['stored', 'processed', 'event written', 'before post', 'posted'],
  reply: ['event stored', 'before ack', 'ack sent', 'event done', 'line posted', 'frozen', 'before smtp', 'after smtp', 'state written'],
};

/** `times`: how often the step is passed before it is deadly. */
export function death(stage: Stage, step: string, times = 1): Trouble {
  const title = times === 1 ? step : `${step}, the time after ${times - 1}`;
  return { title, stage, isDeadly: true, arm: async (world) => void (await world.server.order({ failAt: `${step}:${times}` })) };
}

export const DEATHS: Trouble[] = [...STEPS.mail.map((step) => death('mail', step)), ...STEPS.reply.map((step) => death('reply', step))];

/** Between the last byte of a mail and the answer to it. */
export const LAST_MOMENTS: Trouble[] = [
  {
    title: 'the connection breaks after the final dot, and the mail was not taken',
    stage: 'reply',
    isDeadly: false,
    arm: async (world) => world.receiver.next({ isTaken: false, isAnswered: false }),
  },
  {
    title: 'the connection breaks after the final dot, and the mail was taken',
    stage: 'reply',
    isDeadly: false,
    arm: async (world) => world.receiver.next({ isTaken: true, isAnswered: false }),
  },
  {
    title: 'after the final dot, before the answer',
    stage: 'reply',
    isDeadly: true,
    arm: async (world) => world.receiver.next({ isTaken: true, isAnswered: true, before: () => world.server.kill() }),
  },
  {
    title: 'with the answer on its way',
    stage: 'reply',
    isDeadly: true,
    arm: async (world) => world.receiver.next({ isTaken: true, isAnswered: true, after: () => void world.server.kill() }),
  },
];
