import { RequestError } from "../api/errors";
import type { ResourceName } from "../definitions";
import { omitUndefined } from "../engine";

const ERRORS_PAGE =
  "https://github.com/pulumi-huaweicloud-sessions/pulumi-huaweicloud-sessions/blob/main/docs/errors.md";

/** What a person reads at the terminal: what failed, what the server answered, what to do. One paragraph. */
export class SessionError extends Error {
  constructor(what: string, reason: string, advice: string) {
    super(`${what}: ${reason}. ${advice}`.trim());
    // Beside the message that the engine prints, the dynamic-provider host prints `${error}: ${error.stack}` for check,
    // diff, read and delete. It is not the same paragraph again:
    // https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/dynamic-provider/index.ts
    this.stack = ERRORS_PAGE;
  }

  override toString(): string {
    return "What to do about such an error";
  }

  static from(what: string, error: unknown, advice?: string): SessionError {
    if (error instanceof RequestError) {
      const failed = new SessionError(what, error.failure.reason, advice ?? error.failure.advice);
      failed.cause = error;
      return failed;
    }
    if (error instanceof SessionError) return error;
    return new SessionError(what, error instanceof Error ? error.message : String(error), advice ?? "");
  }
}

/** A create that failed when a session was open already. With `id`, Pulumi keeps it for a later destroy. */
export class PartialCreateError extends Error {
  readonly reasons: string[];
  readonly properties: object;

  constructor(
    why: Error,
    readonly id: string,
    { state, news }: { state: object; news: object },
  ) {
    super(`${why.message} The session is kept in the stack's state, so that \`pulumi destroy\` ends it.`);
    this.reasons = [this.message];
    // The host adds the text by which it found this code to what create resolves with only.
    const __provider = "__provider" in news ? news.__provider : undefined;
    this.properties = omitUndefined({ ...state, __provider });
  }
}

/** A reason as the end of a sentence. */
export function clauseOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return reason.replace(/\.$/, "");
}

/** What to add where the answer to a login was lost. */
export function lostSessionAdvice(error: unknown, idleTimeout: string): string | undefined {
  if (!(error instanceof RequestError) || !error.mayHaveActed) return undefined;
  return (
    "The login may have opened a session that could not be recorded; " +
    `it ends after its idle timeout (${idleTimeout}). The login was not sent again. Run the same command again.`
  );
}

/** What to do where a logout failed. */
export function logoutAdvice(error: unknown, idleTimeout: string): string | undefined {
  if (!(error instanceof RequestError)) return undefined;
  const advice = error.failure.adviceAfterLogin ?? error.failure.advice;
  if (error.failure.retry === "never") return advice;
  return (
    `${advice} If the server no longer exists, remove the session from state with ` +
    `\`pulumi state delete URN\`; a session that is still open then lasts until its idle timeout (${idleTimeout}).`
  );
}

/** A resource that was imported or read by an ID instead of being created. */
export function notReadable(resource: ResourceName, remedy: string): SessionError {
  return new SessionError(`Could not read the ${resource}`, "it can't be looked up by an ID", remedy);
}
