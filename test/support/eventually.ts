/** The first truthy answer, asked again and again until the deadline; then an error that says what was asked. */
export async function eventually<T>(question: () => Promise<T>, deadlineMs = 8_000, pauseMs = 10): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`In vain for ${deadlineMs} ms: ${question.toString().slice(0, 300)}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
