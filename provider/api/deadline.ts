import { setTimeout as wait } from "node:timers/promises";
import { RequestError } from "./errors";
import { type Display, STANDARD_ERROR } from "./notice";

/** How long things may take, in milliseconds. */
export const TIMEOUTS = {
  /** One request, from the look-up of its host name to the last byte of its answer. */
  requestTimeout: 30_000,
  /** Connecting, and any silence on a connection. */
  idleTimeout: 15_000,
  /** A question whose answer may stay unknown: is this session alive? */
  probeTimeout: 10_000,
  /** A verb of the engine with all its requests and retries. */
  operationTimeout: 120_000,
  /** The least time that a login or a logout is given for its answer: without it, the login is not sent. */
  leastAnswerTime: 5_000,
  /** How long a login is retried while its host name is not found: a typo should not take minutes. */
  hostNotFoundTimeout: 10_000,
  /** How long a login is retried while its connection is refused. */
  connectionRefusedTimeout: 30_000,
  /** The time after which a person is told that something is being retried. */
  noticeDelay: 5_000,
  firstRetryDelay: 400,
  maxRetryDelay: 10_000,
};

export type Timeouts = Readonly<typeof TIMEOUTS>;

/** Who waits for the operation, and how it may be cut short. */
export interface OperationOptions {
  /** The time for the whole operation, in milliseconds, in place of the default. */
  timeout?: number;
  /** Ends the operation at its next wait. */
  signal?: AbortSignal;
  /** Where they see what happens, in place of standard error. */
  display?: Display;
}

/** How long after the start of an operation a failure may still be retried, in milliseconds. */
type RetryPolicy = (failed: RequestError, timeouts: Timeouts) => number;

const NEVER = 0;
const ALWAYS = Number.POSITIVE_INFINITY;

/** The server certainly did not act on the request. A login may be sent again only then. */
export const ifNotPerformed: RetryPolicy = ({ failure }, timeouts) => {
  if (failure.retry !== "always") return NEVER;
  if (failure.unreachable === "host not found") return timeouts.hostNotFoundTimeout;
  if (failure.unreachable === "connection refused") return timeouts.connectionRefusedTimeout;
  return ALWAYS;
};

/** The failure may pass, and acting twice does no harm. */
export const ifTransient: RetryPolicy = ({ failure }) => (failure.retry === "never" ? NEVER : ALWAYS);

class OutOfTimeError extends RequestError {
  constructor() {
    super({
      reason: "the login was not sent, because too little time was left for its answer",
      advice: "Run the same command again.",
      retry: "never",
    });
  }
}

/** The time that one verb of the engine has, shared by all its steps. It is monotonic: no clock is set back in it. */
export class Deadline {
  private readonly started = performance.now();
  private readonly end: number;
  private announced = false;

  constructor(
    /** What the operation does, as in "Still logging in to …". */
    private readonly purpose: string,
    readonly timeouts: Timeouts = TIMEOUTS,
    private readonly options: OperationOptions = {},
  ) {
    this.end = this.started + (options.timeout ?? timeouts.operationTimeout);
  }

  /** A part of the operation, which ends with it at the latest. */
  step(purpose: string, timeout = this.remaining): Deadline {
    return new Deadline(purpose, this.timeouts, {
      ...this.options,
      timeout: Math.min(timeout, this.remaining),
    });
  }

  /** A part after which a session may have to be logged out: it leaves the time for that. */
  stepBeforeLogout(purpose: string): Deadline {
    return this.step(purpose, this.remaining - this.timeouts.leastAnswerTime);
  }

  get display(): Display {
    return this.options.display ?? STANDARD_ERROR;
  }

  get remaining(): number {
    return Math.max(1, this.end - performance.now());
  }

  /** The limits of the next request. */
  get limits(): { requestTimeout: number; idleTimeout: number } {
    const { requestTimeout, idleTimeout } = this.timeouts;
    return { requestTimeout: Math.min(requestTimeout, this.remaining), idleTimeout };
  }

  /** Refuses a time in which no login with its logout fits, before anything is sent. */
  requireTimeForSession(): void {
    // For what comes before the login, for its answer, and for that of a logout.
    const least = 3 * this.timeouts.leastAnswerTime;
    const { timeout } = this.options;
    if (timeout === undefined || timeout >= least) return;
    throw new RequestError({
      reason: `nothing was sent, because a timeout of ${timeout / 1000} s leaves no time to log in and to log out again`,
      advice: `Set \`customTimeouts\` to at least ${least / 1000} s.`,
      retry: "never",
    });
  }

  /** A login whose answer could not come in time would be lost, so it is not sent. */
  requireTimeForLogin(): void {
    if (this.remaining < this.timeouts.leastAnswerTime) throw new OutOfTimeError();
  }

  /** Shows what is being done, while it lasts. */
  show(): void {
    this.display.status(this.purpose);
  }

  /** Waits for what another operation may have begun, which goes on where this one is canceled or has no time left. */
  async within<T>(begun: Promise<T>, late: string): Promise<T> {
    const over = new AbortController();
    const { signal = over.signal } = this.options;
    const giveUp = () => {
      throw new RequestError({
        reason: late,
        advice: "Check the network, then run the same command again.",
        retry: "always",
      });
    };
    const end = wait(this.remaining, undefined, { signal: AbortSignal.any([signal, over.signal]) });
    try {
      return await Promise.race([begun, end.then(giveUp, giveUp)]);
    } finally {
      over.abort();
    }
  }

  /** Tries until it succeeds, fails for good, is canceled, or the time would run out. */
  async retry<T>(attempt: () => Promise<T>, policy: RetryPolicy): Promise<T> {
    const { firstRetryDelay, maxRetryDelay } = this.timeouts;
    let answered: unknown;
    for (let delay = firstRetryDelay; ; delay = Math.min(2 * delay, maxRetryDelay)) {
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof OutOfTimeError) throw answered ?? error;
        answered = error;
        const pause = this.pauseAfter(error, policy, delay);
        if (pause === undefined || !(await this.waited(pause))) throw error;
      }
    }
  }

  /** How long to wait before another attempt, with full jitter; undefined where none would help. */
  private pauseAfter(error: unknown, policy: RetryPolicy, delay: number): number | undefined {
    if (!(error instanceof RequestError)) return undefined;
    const left = policy(error, this.timeouts) - (performance.now() - this.started);
    const asked = error.failure.retryAfter ?? 0;
    // An attempt that could not be answered in time is worse than none: a login would be lost.
    const spare = this.remaining - asked - delay - this.timeouts.leastAnswerTime;
    if (left <= 0 || spare <= 0) return undefined;
    this.announce(error, asked, Math.min(left, this.remaining - this.timeouts.leastAnswerTime));
    return asked + delay * Math.random();
  }

  /** Whether the wait came to its end: a canceled operation makes no further attempt. */
  private async waited(pause: number): Promise<boolean> {
    const { signal } = this.options;
    await wait(pause, undefined, { signal }).catch(() => {});
    return !signal?.aborted;
  }

  private announce({ message }: RequestError, asked: number, left: number): void {
    const elapsed = performance.now() - this.started;
    if (this.announced || elapsed + asked < this.timeouts.noticeDelay) return;
    this.announced = true;
    const seconds = Math.ceil(left / 1000);
    this.display.notice(`Still ${this.purpose}, for at most ${seconds} s more: ${message}.`);
  }
}
