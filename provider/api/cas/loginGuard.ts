import { createHash } from "node:crypto";
import { Mutex } from "async-mutex";
import type { Deadline } from "../deadline";
import { meaningOf, RequestError } from "../errors";
import { inTurn } from "../turns";

interface Attempt {
  turns: Mutex;
  succeeded?: true;
  /** The rejection of this password. */
  rejection?: RequestError;
}

/**
 * Sends a wrong password once in a process. Pulumi works on many resources at once, and a server locks an
 * account after five failed logins: until a password has proved good, its logins go one at a time.
 */
export class LoginGuard {
  private readonly attempts = new Map<string, Attempt>();

  async logIn<T>(identity: readonly string[], deadline: Deadline, login: () => Promise<T>): Promise<T> {
    const id = createHash("sha256").update(JSON.stringify(identity)).digest("base64");
    const attempt = this.attempts.get(id) ?? { turns: new Mutex() };
    this.attempts.set(id, attempt);
    const turns = {
      mutex: attempt.turns,
      mayGoTogether: () => attempt.succeeded === true,
      timeout: deadline.remaining,
      timedOut: turnTimedOut,
    };
    return inTurn(turns, async () => {
      if (attempt.rejection) throw attempt.rejection;
      try {
        const result = await login();
        attempt.succeeded = true;
        return result;
      } catch (error) {
        if (error instanceof RequestError && meaningOf(error) === "login rejected") attempt.rejection = error;
        throw error;
      }
    });
  }
}

function turnTimedOut(): RequestError {
  return new RequestError({
    reason: "the login was not sent, because an earlier one of the same user is still without an answer",
    advice: "Check the network, then run the same command again.",
    retry: "always",
  });
}
