import { setTimeout as wait } from "node:timers/promises";
import { backOff } from "exponential-backoff";
import { RequestError } from "./errors";
import { notice } from "./notice";

/** How long things may take, in milliseconds. */
export interface Timeouts {
  /** One request, from the look-up of its host name to the last byte of its answer. */
  requestTimeout: number;
  /** Connecting, and any silence on a connection. */
  idleTimeout: number;
  /** A question whose answer may stay unknown: is this session alive? */
  probeTimeout: number;
  /** A verb with all its retries. */
  operationTimeout: number;
  /** How long a login is retried while its host name is not found: a typo should not take minutes. */
  hostNotFoundTimeout: number;
  /** How long a login is retried while its connection is refused. */
  connectionRefusedTimeout: number;
  /** The time after which a person is told that something is being retried. */
  noticeDelay: number;
  firstRetryDelay: number;
  maxRetryDelay: number;
}

export const TIMEOUTS: Timeouts = {
  requestTimeout: 30_000,
  idleTimeout: 15_000,
  probeTimeout: 10_000,
  operationTimeout: 120_000,
  hostNotFoundTimeout: 10_000,
  connectionRefusedTimeout: 30_000,
  noticeDelay: 5_000,
  firstRetryDelay: 400,
  maxRetryDelay: 10_000,
};

/** Who waits for the operation, and how it may be cut short. */
export interface OperationOptions {
  /** The time for the whole operation, in milliseconds, in place of the default. */
  timeout?: number;
  /** Ends the operation at its next wait. */
  signal?: AbortSignal;
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

/** The time that one operation has, shared by all the requests it makes. */
export class Deadline {
  private readonly started = Date.now();
  private readonly end: number;
  private readonly signal?: AbortSignal;
  private announced = false;

  constructor(
    /** What the operation does, as in "Still trying to …". */
    private readonly purpose: string,
    readonly timeouts: Timeouts = TIMEOUTS,
    { timeout = timeouts.operationTimeout, signal }: OperationOptions = {},
  ) {
    this.end = this.started + timeout;
    this.signal = signal;
  }

  get remaining(): number {
    return Math.max(1, this.end - Date.now());
  }

  /** The limits of the next request. */
  get limits(): { requestTimeout: number; idleTimeout: number } {
    const { requestTimeout, idleTimeout } = this.timeouts;
    return { requestTimeout: Math.min(requestTimeout, this.remaining), idleTimeout };
  }

  /** A login whose answer could not come in time would be lost, so it is not sent. */
  requireTimeForLogin(): void {
    if (this.remaining >= this.timeouts.probeTimeout) return;
    throw new RequestError({
      reason: "the login was not sent, because too little time was left for its answer",
      advice: "Run the same command again.",
      retry: "never",
    });
  }

  /** Tries until it succeeds, fails for good, is aborted, or the operation's time would run out. */
  async retry<T>(attempt: () => Promise<T>, policy: RetryPolicy): Promise<T> {
    const { firstRetryDelay, maxRetryDelay } = this.timeouts;
    // Why the operation waits. An attempt that is under way is not cut short: its login would be lost.
    let waiting: unknown;
    let stop = () => {};
    const aborted = new Promise<never>((_, reject) => {
      stop = () => waiting && reject(waiting);
    });
    this.signal?.addEventListener("abort", stop);
    const attempts = backOff(
      () => {
        if (waiting && this.signal?.aborted) throw waiting;
        waiting = undefined;
        return attempt();
      },
      {
        jitter: "full",
        startingDelay: firstRetryDelay,
        maxDelay: maxRetryDelay,
        numOfAttempts: Number.POSITIVE_INFINITY,
        retry: async (error: unknown) => {
          waiting = error;
          return this.mayRetry(error, policy);
        },
      },
    );
    try {
      return await Promise.race([attempts, aborted]);
    } finally {
      this.signal?.removeEventListener("abort", stop);
    }
  }

  private async mayRetry(error: unknown, policy: RetryPolicy): Promise<boolean> {
    const { maxRetryDelay, probeTimeout } = this.timeouts;
    if (!(error instanceof RequestError) || this.signal?.aborted) return false;
    const left = policy(error, this.timeouts) - (Date.now() - this.started);
    if (left <= 0) return false;
    const asked = error.failure.retryAfterMs ?? 0;
    // An attempt that could not be answered in time is worse than none: a login would be lost.
    if (asked + maxRetryDelay + probeTimeout >= this.remaining) return false;
    this.announce(error, asked, Math.min(left, this.remaining - maxRetryDelay - probeTimeout));
    await wait(asked, undefined, { signal: this.signal }).catch(() => {});
    return !this.signal?.aborted;
  }

  private announce({ message }: RequestError, asked: number, left: number): void {
    const elapsed = Date.now() - this.started;
    if (this.announced || elapsed + asked < this.timeouts.noticeDelay) return;
    this.announced = true;
    const seconds = Math.ceil(left / 1000);
    notice(`Still trying to ${this.purpose}, for at most ${seconds} s more: ${message}.`);
  }
}
