interface Failures {
  count: number;
  lastAt: number;
}

/** Counts consecutive failures for each name, and locks a name that has had too many. */
export class Lockout {
  private readonly failures = new Map<string, Failures>();

  constructor(
    private readonly allowed: number,
    private readonly lockMs: number,
    private readonly now: () => number,
  ) {}

  isLocked(name: string): boolean {
    const failures = this.failures.get(name);
    if (!failures || failures.count < this.allowed) return false;
    if (this.now() - failures.lastAt < this.lockMs) return true;
    this.failures.delete(name);
    return false;
  }

  failed(name: string): void {
    const count = (this.failures.get(name)?.count ?? 0) + 1;
    this.failures.set(name, { count, lastAt: this.now() });
  }

  succeeded(name: string): void {
    this.failures.delete(name);
  }
}
