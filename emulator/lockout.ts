import { createHash } from "node:crypto";
import { ExpiringStore, MANY } from "./expiringStore";

interface Failures {
  count: number;
  lastAt: number;
}

/** Counts consecutive failures for each name, and locks a name that has had too many. */
export class Lockout {
  private readonly failures: ExpiringStore<Failures>;

  constructor(
    private readonly allowed: number,
    private readonly lockTime: number,
    private readonly now: () => number,
  ) {
    this.failures = new ExpiringStore(now, { max: MANY });
  }

  isLocked(name: string): boolean {
    const failures = this.failures.find(keyOf(name));
    if (!failures || failures.count < this.allowed) return false;
    if (this.now() - failures.lastAt < this.lockTime) return true;
    this.succeeded(name);
    return false;
  }

  failed(name: string): void {
    const count = (this.failures.find(keyOf(name))?.count ?? 0) + 1;
    this.failures.add(keyOf(name), { count, lastAt: this.now() });
  }

  succeeded(name: string): void {
    this.failures.take(keyOf(name));
  }
}

/** A name is whatever a client sends, of any length. */
function keyOf(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}
