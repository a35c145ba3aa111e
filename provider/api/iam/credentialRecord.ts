import { Mutex } from "async-mutex";
import { objectIn } from "../http/answers";
import { isSuccess, isTransient } from "../http/http";
import type { AuthenticatedResponse } from "./gateway";

/**
 * What this process knows about credentials. An access key is locked after more than five failures in a row,
 * so one that was refused is not sent again, and one that has not proved good is sent by one request at a time.
 */
export class CredentialRecord {
  private readonly proved = new Set<string>();
  private readonly refused = new Map<string, AuthenticatedResponse>();
  private failures = 0;
  private lastRefusal?: AuthenticatedResponse;
  readonly turns = new Mutex();

  constructor(private readonly mayLock: boolean) {}

  hasProved(scope: string): boolean {
    return this.proved.has(scope);
  }

  refusal(scope: string): AuthenticatedResponse | undefined {
    const locking = this.mayLock && this.failures >= 2 && this.proved.size === 0;
    return this.refused.get(scope) ?? (locking ? this.lastRefusal : undefined);
  }

  /** Whether a refusal that this machine's clock may explain leaves room for another attempt. */
  mayFailOnceMore(): boolean {
    return !this.mayLock || this.proved.size > 0 || this.failures === 0;
  }

  countFailure(response: AuthenticatedResponse): void {
    this.failures += 1;
    this.lastRefusal = response;
  }

  note(scope: string, response: AuthenticatedResponse): void {
    if (response.status === 401) {
      this.countFailure(response);
      this.refused.set(scope, response);
      this.proved.delete(scope);
    } else if (isFromService(response)) {
      this.proved.add(scope);
      this.refused.delete(scope);
    }
  }
}

/**
 * Whether the service itself answered: its gateway hands it a request only after it has looked at the credentials.
 * The gateway's own answers, and those of whatever stands in front of it, tell nothing about them.
 */
function isFromService(response: AuthenticatedResponse): boolean {
  const { body } = response;
  if (isSuccess(response)) return body === "" || body.trimStart().startsWith("{");
  const { error_code: code } = objectIn(body);
  return !isTransient(response) && typeof code === "string" && !code.startsWith("APIGW.");
}
