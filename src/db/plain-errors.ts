interface Session {
  prepareQuery(...parameters: never[]): object;
}

/** Drizzle's errors repeat every parameter, customers' words among them, and would end in a log: ours are the driver's own. */
export function withoutParameters<S extends Session>(session: S): S {
  const prepare = session.prepareQuery.bind(session);
  const queryWithCache = (_text: string, _values: unknown[], run: () => Promise<unknown>) => run();
  session.prepareQuery = (...parameters) => Object.assign(prepare(...parameters), { queryWithCache });
  return session;
}
