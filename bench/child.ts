import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

const STOP_MS = 15_000;

let orders = 0;

/** Hands an order to a child of ours and waits for its answer. */
export function order<T>(child: ChildProcess, name: string, given: unknown = null, deadlineMs = 60_000): Promise<T> {
  orders += 1;
  const id = orders;
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      child.off('message', hear);
      child.off('exit', gone);
    };
    const hear = (answer: { id?: number; value?: T; error?: string }) => {
      if (answer.id !== id) return;
      end();
      if (answer.error === undefined) resolve(answer.value as T);
      else reject(new Error(`${name}: ${answer.error}`));
    };
    const gone = () => {
      end();
      reject(new Error(`The process ended before it had answered to ${name}.`));
    };
    const timer = setTimeout(() => {
      end();
      reject(new Error(`No answer to ${name} in ${deadlineMs} ms.`));
    }, deadlineMs);
    child.on('message', hear);
    child.once('exit', gone);
    child.send({ id, name, given });
  });
}

type Answers = Record<string, (given: never) => unknown>;

/** The child's side: answers each order by its name, and ends with its parent. */
export function obey(answers: Answers): void {
  process.on('message', (asked: { id: number; name: string; given: never }) => {
    Promise.resolve()
      .then(() => {
        const answer = answers[asked.name];
        if (!answer) throw new Error('There is no such order.');
        return answer(asked.given);
      })
      .then(
        (value) => process.send?.({ id: asked.id, value: value ?? null }),
        (error: unknown) => process.send?.({ id: asked.id, error: error instanceof Error ? error.message : String(error) }),
      );
  });
  process.on('disconnect', () => process.exit(1));
}

/** Asks the child to end, and makes it when it does not. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(late);
}
