import { setTimeout as wait } from "node:timers/promises";
import { backOff } from "exponential-backoff";
import { RequestFailed } from "./errors";

/** How long things may take, in milliseconds. */
export interface Pace {
  /** One request, from the look-up of its host to the last byte of its answer. */
  answerMs: number;
  /** A connection, and any silence on it. */
  silenceMs: number;
  /** A question whose answer may stay unknown: is this session alive? */
  probeMs: number;
  /** What a request waits for another to prove the keys that both use. */
  keysMs: number;
  /** A verb with all its tries. */
  budgetMs: number;
  firstDelayMs: number;
  maxDelayMs: number;
}

export const PACE: Pace = {
  answerMs: 30_000,
  silenceMs: 15_000,
  probeMs: 10_000,
  keysMs: 5_000,
  budgetMs: 120_000,
  firstDelayMs: 400,
  maxDelayMs: 10_000,
};

/** The server certainly did not act on the request: even a log-in may be sent again. */
export const notPerformed = (failed: RequestFailed): boolean => failed.failure.again === "always";

/** The failure may pass, and acting twice does no harm. */
export const mayPass = (failed: RequestFailed): boolean => failed.failure.again !== "never";

/** The time that one verb has, shared by all the requests it makes. */
export class Patience {
  private readonly deadline: number;

  constructor(
    readonly pace: Pace = PACE,
    budgetMs = pace.budgetMs,
  ) {
    this.deadline = Date.now() + budgetMs;
  }

  /** The time that the next request has. */
  get answerMs(): number {
    return Math.max(1, Math.min(this.pace.answerMs, this.deadline - Date.now()));
  }

  /** Tries until it succeeds, fails for good, or the verb's time would run out. */
  retry<T>(attempt: () => Promise<T>, again: (failed: RequestFailed) => boolean): Promise<T> {
    return backOff(attempt, {
      jitter: "full",
      startingDelay: this.pace.firstDelayMs,
      maxDelay: this.pace.maxDelayMs,
      numOfAttempts: Number.POSITIVE_INFINITY,
      retry: async (error: unknown) => {
        if (!(error instanceof RequestFailed) || !again(error)) return false;
        const asked = error.failure.retryAfterMs ?? 0;
        // A try that could not be answered in time is worse than none: a log-in would be lost.
        const longest = asked + this.pace.maxDelayMs + this.pace.probeMs;
        if (Date.now() + longest >= this.deadline) return false;
        await wait(asked);
        return true;
      },
    });
  }
}
