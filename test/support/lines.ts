/** What a command says on standard output, and nothing on a terminal. */
export function recordLines(isJson = false) {
  const lines: string[] = [];
  return {
    lines,
    out: Object.assign((line: string) => void lines.push(line), { isJson }),
    tell: Object.assign(() => {}, { end: () => {} }),
  };
}
