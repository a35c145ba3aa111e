import { notice } from "../api/notice";

/** How many logouts have a line of their own. */
const LISTED = 20;

/** How long no logout has to come, in milliseconds, before those without a line are summed up. */
const QUIET = 100;

/** Tells by what each session is known to have ended: a line for each as long as a person reads them, then sums. */
export class LogoutReport {
  private listed = 0;
  private more = 0;
  private timer?: NodeJS.Timeout;

  add(server: string, evidence: string): void {
    if (this.listed < LISTED) {
      this.listed += 1;
      notice(`Logged out of ${server}: ${evidence}.`);
      return;
    }
    this.more += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.sumUp(), QUIET);
  }

  private sumUp(): void {
    const sessions = this.more === 1 ? "1 more session was" : `${this.more} more sessions were`;
    this.more = 0;
    notice(`${sessions} logged out, each with evidence.`);
  }
}
