/** RFC 3676: lines that end in a space go on in the next one, if both are quoted equally deep. */
export function unflow(text: string, deleteSpace: boolean): string {
  const out: string[] = [];
  let pieces: string[] = [];
  let depth = 0;
  const close = (): void => {
    if (pieces.length > 0) out.push((depth > 0 ? `${'>'.repeat(depth)} ` : '') + pieces.join(''));
    pieces = [];
  };
  for (const raw of text.split('\n')) {
    const { quoteDepth, content } = readLine(raw);
    if (quoteDepth !== depth) close();
    depth = quoteDepth;
    const isSoft = content.endsWith(' ') && content !== '-- ';
    pieces.push(isSoft && deleteSpace ? content.slice(0, -1) : content);
    if (!isSoft) close();
  }
  close();
  return out.join('\n');
}

function readLine(raw: string): { quoteDepth: number; content: string } {
  const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  let depth = 0;
  while (line[depth] === '>') depth++;
  const content = line.slice(depth);
  return { quoteDepth: depth, content: content.startsWith(' ') ? content.slice(1) : content };
}
