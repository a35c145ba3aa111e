/** How many sessions there are and were. */
export interface SessionCount {
  /** Ids of the sessions that are alive now, oldest first. These are secrets: whoever has one is logged in. */
  readonly open: readonly string[];
  /** Sessions ever opened. */
  readonly opened: number;
  /** Sessions ended by a log-out. */
  readonly closed: number;
  /** Sessions ended by the service: idle or too old, or their instance was removed. */
  readonly expired: number;
}

/** The sessions of both services. */
export interface SessionCounts {
  /** Of the DCS Web CLI. */
  readonly webCli: SessionCount;
  /** Of CAS. */
  readonly cas: SessionCount;
}

interface Session<T> {
  readonly data: T;
  readonly openedAt: number;
  lastUsedAt: number;
}

export interface SessionLimits {
  readonly idleMs: number;
  /** Age at which even a busy session ends. */
  readonly maxAgeMs?: number;
}

/** Sessions by id. Time-outs are measured when somebody looks, so no timer keeps the process alive. */
export class SessionStore<T> {
  private readonly live = new Map<string, Session<T>>();
  private opened = 0;
  private closed = 0;
  private expired = 0;

  constructor(
    private readonly limits: SessionLimits,
    private readonly now: () => number,
  ) {}

  open(id: string, data: T): void {
    const at = this.now();
    this.live.set(id, { data, openedAt: at, lastUsedAt: at });
    this.opened += 1;
  }

  /** Looks a session up without counting as a use. */
  find(id: string): T | undefined {
    return this.current(id)?.data;
  }

  /** Looks a session up and starts its idle time anew. */
  use(id: string): T | undefined {
    const session = this.current(id);
    if (session) {
      session.lastUsedAt = this.now();
    }
    return session?.data;
  }

  close(id: string): boolean {
    if (!this.current(id)) {
      return false;
    }
    this.live.delete(id);
    this.closed += 1;
    return true;
  }

  expireAll(): void {
    this.expired += this.live.size;
    this.live.clear();
  }

  count(): SessionCount {
    const open = [...this.live.keys()].filter((id) => this.current(id) !== undefined);
    return { open, opened: this.opened, closed: this.closed, expired: this.expired };
  }

  private current(id: string): Session<T> | undefined {
    const session = this.live.get(id);
    if (session && this.isOver(session)) {
      this.live.delete(id);
      this.expired += 1;
      return undefined;
    }
    return session;
  }

  private isOver(session: Session<T>): boolean {
    const at = this.now();
    const { idleMs, maxAgeMs = Number.POSITIVE_INFINITY } = this.limits;
    return at - session.lastUsedAt >= idleMs || at - session.openedAt >= maxAgeMs;
  }
}
