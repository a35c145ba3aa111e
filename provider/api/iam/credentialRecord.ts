import { Mutex } from "async-mutex";
import { isSuccess, isTransient, objectIn } from "../http/answers";
import { type AuthenticatedResponse, type Credentials, identityOf } from "./credentials";

/**
 * The failures in a row after which an access key goes only where it has proved good. Six lock it, also if they came
 * with different secret keys.
 */
const MAX_FAILURES = 2;

/** What this process knows about an access key or a token, whatever secret key it came with. */
class Holder {
  failuresInRow = 0;
  lastRefusal?: AuthenticatedResponse;
  readonly turns = new Mutex();
}

/**
 * What this process knows about one set of credentials. A set that was refused is not sent again, and one that has
 * not proved good is sent by one request at a time. All of that counts for a scope: an endpoint and a project.
 */
export class CredentialRecord {
  private readonly proved = new Set<string>();
  private readonly refused = new Map<string, AuthenticatedResponse>();

  constructor(
    private readonly holder: Holder,
    private readonly mayLock: boolean,
  ) {}

  get turns(): Mutex {
    return this.holder.turns;
  }

  hasProved(scope: string): boolean {
    return this.proved.has(scope);
  }

  /** Why these credentials must not be sent. */
  refusal(scope: string): AuthenticatedResponse | undefined {
    const { failuresInRow, lastRefusal } = this.holder;
    const locking = this.mayLock && failuresInRow >= MAX_FAILURES && !this.hasProved(scope);
    return this.refused.get(scope) ?? (locking ? lastRefusal : undefined);
  }

  /** Whether a refusal that this machine's clock may explain leaves room for another attempt. */
  mayFailOnceMore(scope: string): boolean {
    return !this.mayLock || this.hasProved(scope) || this.holder.failuresInRow === 0;
  }

  countFailure(response: AuthenticatedResponse): void {
    this.holder.failuresInRow += 1;
    this.holder.lastRefusal = response;
  }

  note(scope: string, response: AuthenticatedResponse): void {
    if (response.status === 401) {
      this.countFailure(response);
      this.refused.set(scope, response);
      this.proved.delete(scope);
    } else if (isFromService(response)) {
      this.holder.failuresInRow = 0;
      this.proved.add(scope);
      this.refused.delete(scope);
    }
  }
}

/** The records of all credentials that a process has sent. */
export class CredentialRecords {
  private readonly holders = new Map<string, Holder>();
  private readonly records = new Map<string, CredentialRecord>();

  of(credentials: Credentials): CredentialRecord {
    const set = JSON.stringify(credentials);
    const known = this.records.get(set);
    if (known) return known;
    const identity = identityOf(credentials);
    const holder = this.holders.get(identity) ?? new Holder();
    this.holders.set(identity, holder);
    const record = new CredentialRecord(holder, !("authToken" in credentials));
    this.records.set(set, record);
    return record;
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
