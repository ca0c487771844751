/** What shall go wrong with the app's next calls. */
export interface CallFault {
  /** Only calls of this method; else of any. */
  method?: string;
  /** How many calls; 1 if not given. */
  times?: number;
  /**
   * ratelimited: 429 · http: another status · error: ok false · hang: no answer ever · cut: the connection breaks before anything is done ·
   * drop: done, but the answer is lost · slow: done, and answered after `delayMilliseconds` of real time.
   */
  kind: 'ratelimited' | 'http' | 'error' | 'hang' | 'cut' | 'drop' | 'slow';
  delayMilliseconds?: number;
  retryAfterSeconds?: number;
  status?: number;
  error?: string;
}

/** What shall go wrong with the next events on their way to the app. */
export interface EventFault {
  /** Only events of this type ("message", "app_mention", "message.message_changed", …); else of any. */
  type?: string;
  times?: number;
  /** drop: never sent · duplicate: sent twice, same event_id · hold: kept until `release` · delay: sent later. */
  kind: 'drop' | 'duplicate' | 'hold' | 'delay';
  delayMilliseconds?: number;
}

export interface Faults {
  calls(fault: CallFault): void;
  events(fault: EventFault): void;
  takeCall(method: string): CallFault | undefined;
  takeEvent(type: string): EventFault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  const calls: CallFault[] = [];
  const events: EventFault[] = [];
  return {
    calls: (fault) => void calls.push({ ...fault }),
    events: (fault) => void events.push({ ...fault }),
    takeCall: (method) => take(calls, (fault) => fault.method === undefined || fault.method === method),
    takeEvent: (type) => take(events, (fault) => fault.type === undefined || fault.type === type),
    clear() {
      calls.length = 0;
      events.length = 0;
    },
  };
}

function take<T extends { times?: number }>(faults: T[], isMeant: (fault: T) => boolean): T | undefined {
  const fault = faults.find(isMeant);
  if (!fault) return undefined;
  fault.times = (fault.times ?? 1) - 1;
  if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1);
  return fault;
}
