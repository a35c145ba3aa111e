const TICK_MS = 20;
const TOLERATED_MS = 40;
const STALL_MS = 200;

/** Notes when this process stood still, or got too little of a machine that is busy with other things. */
export class StallMonitor {
  private last = Date.now();
  /** By how much the ticks are late in all, less what is tolerated. */
  private late = 0;
  private stalledAt = 0;
  private readonly timer = setInterval(() => this.tick(), TICK_MS).unref();

  stoodStillSince(time: number): boolean {
    this.tick();
    return this.stalledAt >= time;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = Date.now();
    this.late = Math.max(0, this.late + now - this.last - TOLERATED_MS);
    if (this.late > STALL_MS) this.stalledAt = now;
    this.last = now;
  }
}
