type Graph = ReadonlyMap<string, readonly string[]>;

/** One shortest ring for each knot of files that reach each other, first file repeated at the end. */
export function cyclesIn(graph: Graph): string[][] {
  const seen = new Set<string>();
  const rings: string[][] = [];
  for (const start of [...graph.keys()].toSorted()) {
    const ring = seen.has(start) ? null : shortestRing(graph, start);
    if (!ring) continue;
    for (const file of ring) seen.add(file);
    rings.push(ring);
  }
  return rings;
}

function shortestRing(graph: Graph, start: string): string[] | null {
  const cameFrom = new Map<string, string>();
  const waiting = [start];
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return pathTo(cameFrom, start, file);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      waiting.push(next);
    }
  }
  return null;
}

function pathTo(cameFrom: ReadonlyMap<string, string>, start: string, last: string): string[] {
  const path = [start];
  for (let file = last; file !== start; file = cameFrom.get(file) ?? start) path.unshift(file);
  return [start, ...path];
}
