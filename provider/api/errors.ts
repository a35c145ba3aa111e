/**
 * When a failed request may be sent again: `always`, even if it is a login; `idempotent`, where acting twice
 * does no harm; or `never`.
 */
export type Retry = "always" | "idempotent" | "never";

/** Whether a session is open. `unknown` means that there is no evidence for either. */
export type Liveness = "alive" | "dead" | "unknown";

/** What is known of a request that did not succeed. */
export interface Failure {
  /** What the server answered, or why there is no answer: one clause without secrets. */
  reason: string;
  /** What the person at the terminal can do about it: a sentence. */
  advice: string;
  /** Advice once a session exists: it does not suggest checking its address or credentials. */
  adviceAfterLogin?: string;
  retry: Retry;
  /** Whether the server may have acted on the request; by default, as `retry` tells. */
  mayHaveActed?: boolean;
  /** The service's own meaning of the answer, where a verb decides by it. */
  meaning?: "instance gone" | "invalid parameter" | "redis error" | "login rejected";
  /** Why the server could not be reached at all, where a typo is the likely cause. */
  unreachable?: "host not found" | "connection refused";
  /** The least time to wait before the next attempt, in milliseconds, when the server named one. */
  retryAfter?: number;
}

/** One request that failed. `message` is a clause that `SessionError` puts into its paragraph. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(readonly failure: Failure) {
    super(failure.reason);
  }

  get mayHaveActed(): boolean {
    return this.failure.mayHaveActed ?? this.failure.retry === "idempotent";
  }
}

/** What an answer meant to its service, where that is known. */
export function meaningOf(error: unknown): Failure["meaning"] {
  const failed = error instanceof Error && error.cause instanceof RequestError ? error.cause : error;
  return failed instanceof RequestError ? failed.failure.meaning : undefined;
}
