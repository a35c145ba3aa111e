/** How many sessions there are and were. */
export interface SessionCount {
  /** Ids of the sessions that are alive now, oldest first. These are secrets: whoever has one is logged in. */
  open: readonly string[];
  /** Sessions ever opened. */
  opened: number;
  /** Sessions ended by a logout. */
  closed: number;
  /** Sessions ended by the service: idle or too old, or their instance was removed. */
  expired: number;
}

/** The sessions of both services. */
export interface SessionCounts {
  /** Of the DCS Web CLI. */
  webCli: SessionCount;
  /** Of CAS. */
  cas: SessionCount;
}

interface Entry<T> {
  data: T;
  endsAt: number;
  lastUsedAt: number;
}

export interface Limits {
  /** Time without use after which an entry ends. */
  idleTimeout?: number;
  /** Age at which even a busy entry ends. */
  maxAge?: number;
  /** How many entries are kept; the oldest ends early. What anybody can make without credentials needs this. */
  max?: number;
}

/** How many pages, tickets, and tokens a service keeps: more than tests need, and no burden. */
export const MANY = 10_000;

/**
 * Sessions, tickets and tokens by id, each for a limited time. Time-outs are checked when an entry is looked up, so
 * no timer keeps the process alive.
 */
export class ExpiringStore<T> {
  private readonly entries = new Map<string, Entry<T>>();
  private opened = 0;
  private closed = 0;
  private expired = 0;

  constructor(
    private readonly now: () => number,
    private readonly limits: Limits = {},
  ) {}

  add(id: string, data: T, maxAge = this.limits.maxAge ?? Number.POSITIVE_INFINITY): void {
    this.dropOldest();
    const at = this.now();
    this.entries.set(id, { data, endsAt: at + maxAge, lastUsedAt: at });
    this.opened += 1;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined && this.entries.size > (this.limits.max ?? Number.POSITIVE_INFINITY)) {
      this.entries.delete(oldest);
      this.expired += 1;
    }
  }

  /** Looks an entry up without counting as use. */
  find(id: string): T | undefined {
    return this.current(id)?.data;
  }

  /** Looks an entry up and restarts its idle time. */
  use(id: string): T | undefined {
    const entry = this.current(id);
    if (entry) entry.lastUsedAt = this.now();
    return entry?.data;
  }

  /** Ends an entry and returns it; undefined if there was none. */
  take(id: string): T | undefined {
    const entry = this.current(id);
    if (!entry) return undefined;
    this.entries.delete(id);
    this.closed += 1;
    return entry.data;
  }

  /** Moves an entry to another id; nothing else about it changes. */
  rename(id: string, to: string): void {
    const entry = this.current(id);
    if (!entry) return;
    this.entries.delete(id);
    this.entries.set(to, entry);
  }

  expireAll(which: (data: T) => boolean = () => true): void {
    for (const [id, { data }] of this.entries) {
      if (which(data) && this.entries.delete(id)) this.expired += 1;
    }
  }

  count(): SessionCount {
    const open = [...this.entries.keys()].filter((id) => this.current(id) !== undefined);
    return { open, opened: this.opened, closed: this.closed, expired: this.expired };
  }

  /** Entries that nobody asks for again, such as forms that are never posted, would fill the memory. */
  private dropOldest(): void {
    for (const id of this.entries.keys()) {
      if (this.current(id)) return;
    }
  }

  private current(id: string): Entry<T> | undefined {
    const entry = this.entries.get(id);
    if (!entry) return undefined;
    const at = this.now();
    if (at < entry.endsAt && at - entry.lastUsedAt < (this.limits.idleTimeout ?? Number.POSITIVE_INFINITY)) {
      return entry;
    }
    this.entries.delete(id);
    this.expired += 1;
    return undefined;
  }
}
