/** Runs tasks one at a time, in the order they arrived. */
export class Mutex {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(task);
    const done = () => undefined;
    // The caller hears of a failure through `result`; the next in line only waits.
    this.#tail = result.then(done, done);
    return result;
  }
}
