/**
 * For tests of crashes only: `TIKETTI_FAIL_AT="stored"` or `"stored:3"` kills the process the first (third) time it
 * passes that step, as a power cut would. Without the variable this is nothing.
 */
export function failPointFrom(environment: Record<string, string | undefined>): (step: string) => void {
  const wanted = environment['TIKETTI_FAIL_AT'];
  if (!wanted) return () => {};
  const [name, times] = wanted.split(':');
  let left = Number(times ?? 1);
  return (step) => {
    if (step !== name) return;
    left -= 1;
    if (left <= 0) process.kill(process.pid, 'SIGKILL');
  };
}
