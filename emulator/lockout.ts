interface Failures {
  count: number;
  lastAt: number;
}

/** Counts failures in a row per name, and locks a name that has had too many. */
export class Lockout {
  private readonly failures = new Map<string, Failures>();

  constructor(
    private readonly allowed: number,
    private readonly lockMs: number,
    private readonly now: () => number,
  ) {}

  isLocked(name: string): boolean {
    const failed = this.failures.get(name);
    if (!failed || failed.count < this.allowed) {
      return false;
    }
    if (this.now() - failed.lastAt < this.lockMs) {
      return true;
    }
    this.failures.delete(name);
    return false;
  }

  failed(name: string): void {
    const failed = this.failures.get(name) ?? { count: 0, lastAt: 0 };
    failed.count += 1;
    failed.lastAt = this.now();
    this.failures.set(name, failed);
  }

  succeeded(name: string): void {
    this.failures.delete(name);
  }
}
