import { setTimeout as wait } from "node:timers/promises";
import { type Display, STANDARD_ERROR } from "../api/notice";

/** How many logouts have a line of their own. */
const LISTED = 20;

/** How many sums may follow: where logouts go one at a time, each of them could be the last. */
const SUMS = 5;

/** Tells by what each session is known to have ended: a line for each as long as a person reads them, then a sum. */
export class LogoutReport {
  private listed = 0;
  private more = 0;
  private sums = 0;
  private underWay = 0;
  /** Ends the wait for the last logout: another one has begun. */
  private next = new AbortController();

  constructor(
    /** How long no other logout has to begin, in milliseconds, before those without a line are summed up. */
    private readonly lull = 200,
  ) {}

  /** Logs out, which resolves with the evidence. The last one of many waits for the sum: the host ends right after it. */
  async of(server: string, logOut: () => Promise<string>, display = STANDARD_ERROR): Promise<void> {
    this.next.abort();
    this.underWay += 1;
    try {
      this.add(server, await logOut(), display);
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0 && this.more > 0 && this.sums < SUMS) await this.sumUp(display);
    }
  }

  private add(server: string, evidence: string, display: Display): void {
    if (this.listed === LISTED) {
      this.more += 1;
      return;
    }
    this.listed += 1;
    display.notice(`Logged out of ${server}: ${evidence}.`);
  }

  private async sumUp(display: Display): Promise<void> {
    this.next = new AbortController();
    const { signal } = this.next;
    await wait(this.lull, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    this.sums += 1;
    const sessions = this.more === 1 ? "1 more session was" : `${this.more} more sessions were`;
    const last = this.sums === SUMS ? " Only failures are shown from here on." : "";
    this.more = 0;
    display.notice(`${sessions} logged out, each with evidence.${last}`);
  }
}
