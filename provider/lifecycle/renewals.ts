import debug from "debug";
import type { Deadline } from "../api/deadline";
import type { Liveness } from "../api/errors";
import { type Display, STANDARD_ERROR } from "../api/notice";
import { clauseOf } from "./sessionError";

const log = debug("huaweicloud-sessions:renewals");

/** A session that is to stay alive as long as the process. */
export interface Renewable {
  /** Such as `the CAS at https://HOST:20009/cas`. */
  description: string;
  /** Why it can't be renewed, if so. */
  obstacle?: string;
  /** What identifies the session to its service: requests of the same session are not mixed with a renewal. */
  key: string;
  /** Asks for the session, which counts as use. */
  probe(): Promise<Liveness>;
  /** Where people see what becomes of it. */
  display?: Display;
}

interface Renewed extends Renewable {
  reported?: true;
}

const STILL_RENEWED =
  "no request was sent, because one that keeps the session alive is still without an answer";

/** How many sessions are renewed at the same time. */
const CONCURRENCY = 8;

/**
 * Keeps sessions alive while an update lasts. The dynamic-provider host and a native plugin live as long as the
 * engine's operation, so a session that idles out after minutes survives an update of an hour.
 */
export class Renewals {
  private readonly sessions = new Map<string, Renewed>();
  /** The renewals under way, by the keys of their sessions. */
  private readonly underWay = new Map<string, Promise<void>>();
  /** How many other requests use a session, by its key. */
  private readonly inUse = new Map<string, number>();
  private timer?: NodeJS.Timeout;
  private cancelled = false;

  constructor(
    private readonly interval = 120_000,
    /** Whether the operation goes on that the sessions are kept alive for. */
    private readonly goesOn: () => Promise<boolean> = async () => true,
  ) {}

  /** Renews a session from now on, by the ID of its resource. */
  start(id: string, session: Renewable): void {
    if (this.cancelled) return;
    this.sessions.set(id, { ...session });
    this.timer ??= this.schedule();
  }

  /** Begins no further renewal of a session. */
  stop(id: string): void {
    this.sessions.delete(id);
  }

  /** Stops for good, when the operation is cancelled. */
  cancel(): void {
    this.cancelled = true;
    this.sessions.clear();
    clearTimeout(this.timer);
  }

  /** Runs another request of a session, while it is not renewed: any request counts as use. */
  async using<T>(key: string, deadline: Deadline, request: () => Promise<T>): Promise<T> {
    this.inUse.set(key, (this.inUse.get(key) ?? 0) + 1);
    try {
      const renewal = this.underWay.get(key);
      if (renewal !== undefined) await deadline.within(renewal, STILL_RENEWED);
      return await request();
    } finally {
      const left = (this.inUse.get(key) ?? 1) - 1;
      if (left > 0) this.inUse.set(key, left);
      else this.inUse.delete(key);
    }
  }

  /** With jitter, so that many hosts don't ask at once; never a reason for the process to stay. */
  private schedule(): NodeJS.Timeout {
    const delay = this.interval * (0.9 + Math.random() * 0.2);
    return setTimeout(() => void this.renewAll(), delay).unref();
  }

  private async renewAll(): Promise<void> {
    if (!(await this.goesOn())) this.cancel();
    const queue = this.sessions.entries();
    const worker = async () => {
      for (const [id, session] of queue) {
        const { key } = session;
        if (this.sessions.get(id) !== session || this.inUse.has(key) || this.underWay.has(key)) continue;
        const renewal = this.renew(id, session);
        this.underWay.set(key, renewal);
        await renewal;
        this.underWay.delete(key);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    this.timer = this.cancelled || this.sessions.size === 0 ? undefined : this.schedule();
  }

  private async renew(id: string, session: Renewed): Promise<void> {
    const { description, obstacle, display = STANDARD_ERROR } = session;
    if (obstacle) {
      this.sessions.delete(id);
      display.notice(`The session of ${description} can't be kept alive during a long update: ${obstacle}.`);
      return;
    }
    try {
      const liveness = await session.probe();
      log("%s is %s", description, liveness);
      if (liveness !== "dead" || this.sessions.get(id) !== session) return;
      this.sessions.delete(id);
      display.notice(
        `The session of ${description} has ended during this update. Resources that use it may fail; run \`pulumi up\` again to open a new one.`,
      );
    } catch (error) {
      if (session.reported || this.sessions.get(id) !== session) return;
      session.reported = true;
      display.notice(
        `Could not renew the session of ${description}: ${clauseOf(error)}. It will be tried again.`,
      );
    }
  }
}
