const TICK_MS = 20;
const STALL_MS = 200;

/** Notes when this process stood still, as on a machine that is busy with other things. */
export class Stalls {
  private last = Date.now();
  private at = 0;
  private readonly timer = setInterval(() => this.tick(), TICK_MS).unref();

  /** Whether it stood still since then: what timed out meanwhile tells nothing of the client. */
  since(time: number): boolean {
    this.tick();
    return this.at >= time;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = Date.now();
    if (now - this.last > STALL_MS) this.at = now;
    this.last = now;
  }
}
