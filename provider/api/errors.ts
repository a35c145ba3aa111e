/**
 * When a failed request may be sent again: `always`, even if it is a log-in; `idempotent`, where acting twice
 * would do no harm; or `never`.
 */
export type Again = "always" | "idempotent" | "never";

/** What is known of a request that did not succeed. */
export interface Failure {
  /** What the server answered, or why there is no answer: one clause, no secret, no page. */
  said: string;
  /** What the person at the terminal can do about it: a sentence. */
  advice: string;
  again: Again;
  /** Whether the server may have acted on it; else as `again` says. */
  mayHaveActed?: boolean;
  /** A service's own meaning of the answer, where a verb decides by it. */
  meaning?: "instance gone" | "invalid parameter" | "redis error";
  /** The least time to wait before the next try, in milliseconds, when the server named one. */
  retryAfterMs?: number;
}

/** One request that failed. `message` is a clause that `SessionError` puts into its paragraph. */
export class RequestFailed extends Error {
  override readonly name = "RequestFailed";

  constructor(readonly failure: Failure) {
    super(failure.said);
  }

  get mayHaveActed(): boolean {
    return this.failure.mayHaveActed ?? this.failure.again === "idempotent";
  }
}

/** What an answer meant to its service, where that is known. */
export function meaningOf(error: unknown): Failure["meaning"] {
  return error instanceof RequestFailed ? error.failure.meaning : undefined;
}

/** What a person reads at the terminal: what failed, what the server said, what to do. One paragraph. */
export class SessionError extends Error {
  constructor(what: string, said: string, advice: string) {
    super(`${what}: ${said}. ${advice}`);
    // The dynamic-provider host prints `${error}: ${error.stack}` for check, diff, read and delete:
    // https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/dynamic-provider/index.ts
    this.stack = "";
  }

  static from(what: string, error: unknown, advice?: string): SessionError {
    if (error instanceof RequestFailed) {
      return new SessionError(what, error.failure.said, advice ?? error.failure.advice);
    }
    if (error instanceof SessionError) return error;
    return new SessionError(what, error instanceof Error ? error.message : String(error), advice ?? "");
  }
}

/** Takes known secrets out of a text, in each spelling in which a server may echo them. */
export function redact(text: string, secrets: readonly (string | undefined)[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (!secret) continue;
    const json = JSON.stringify(secret).slice(1, -1);
    for (const spelling of [secret, json, encodeURIComponent(secret), encodeURI(secret)]) {
      clean = clean.replaceAll(spelling, "[secret]");
    }
  }
  return clean;
}
