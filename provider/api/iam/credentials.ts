import { Mutex } from "async-mutex";
import type { Deadline } from "../deadline";
import { RequestError } from "../errors";
import { objectIn } from "../http/answers";
import { type HttpRequest, type HttpResponse, isSuccess, isTransient, requestName, send } from "../http/http";
import { type Redactor, redactorOf } from "../http/redaction";
import { inTurn } from "../turns";
import { type AccessKey, signatureHeaders } from "./signature";

/** One way to authenticate with the API gateway: AK/SK, or an IAM token. */
export type Credentials = AccessKey | { authToken: string };

/** Credentials, and where they were found. */
export interface FoundCredentials {
  credentials: Credentials;
  /** Such as `environment HW_ACCESS_KEY`; never a value. */
  source: string;
}

/** A request that credentials are still to be added to. */
export interface UnsignedRequest extends Pick<HttpRequest, "method" | "url" | "headers"> {
  body: string;
  /** What of the request must not be shown. */
  secrets: readonly (string | undefined)[];
  /** What an answer tells about credentials counts for this: the endpoint and the project. */
  scope: string;
  /** Whether bearer credentials may be sent here when others were refused. */
  acceptsFallbackToken: boolean;
  /** Whether an answer that is lost would leave a session open. */
  isLogin?: boolean;
}

/** An answer to a request with credentials, and what of it may be shown. */
export interface AuthenticatedResponse extends HttpResponse, Redactor {}

const MAX_CLOCK_SKEW = 5 * 60_000;

/**
 * What this process knows about credentials. An access key is locked after more than five failures in a row,
 * so one that was refused is not sent again, and one that has not proved good is sent by one request at a time.
 */
class CredentialRecord {
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

const records = new Map<string, CredentialRecord>();

/** How far the clock of a server was ahead of this machine's, by origin, in milliseconds. */
const clockOffsets = new Map<string, number>();

/**
 * Sends a request with the first credentials that are not refused, and with the next ones after a 401.
 * Resolves with the last 401 where all are refused, and with nothing where there are none.
 */
export async function sendAuthenticated(
  request: UnsignedRequest,
  sources: AsyncIterable<FoundCredentials>,
  deadline: Deadline,
): Promise<AuthenticatedResponse | undefined> {
  let refusal: AuthenticatedResponse | undefined;
  let isFallback = false;
  for await (const { credentials } of sources) {
    if (isFallback && isBearer(credentials) && !request.acceptsFallbackToken) continue;
    isFallback = true;
    const response = await sendInTurn(request, credentials, deadline);
    if (response.status !== 401) return response;
    refusal = response;
  }
  return refusal;
}

async function sendInTurn(
  request: UnsignedRequest,
  credentials: Credentials,
  deadline: Deadline,
): Promise<AuthenticatedResponse> {
  const id = JSON.stringify(credentials);
  const record = records.get(id) ?? new CredentialRecord(!("authToken" in credentials));
  records.set(id, record);
  const turns = {
    mutex: record.turns,
    mayGoTogether: () => record.hasProved(request.scope),
    timeout: deadline.remaining,
    timedOut: () => turnTimedOut(request),
  };
  return inTurn(turns, () => attempt(request, credentials, record, deadline));
}

function turnTimedOut(request: UnsignedRequest): RequestError {
  return new RequestError({
    reason: `${requestName(request)} was not sent, because an earlier request with the same credentials is still without an answer`,
    advice: "Check the network, then run the same command again.",
    retry: "always",
  });
}

async function attempt(
  request: UnsignedRequest,
  credentials: Credentials,
  record: CredentialRecord,
  deadline: Deadline,
): Promise<AuthenticatedResponse> {
  const known = record.refusal(request.scope);
  if (known) {
    return {
      ...known,
      request: "no request was sent, because these credentials were rejected earlier in this run: the server",
    };
  }
  const { origin } = new URL(request.url);
  const used = clockOffsets.get(origin) ?? 0;
  const response = await sendWith(request, credentials, used, deadline);
  const offset = "authToken" in credentials ? undefined : clockSkew(response, used);
  if (offset === undefined || !record.mayFailOnceMore()) {
    record.note(request.scope, response);
    return response;
  }
  record.countFailure(response);
  // Before the answer, which may be lost: to begin anew with the old time would be another failure.
  clockOffsets.set(origin, offset);
  const corrected = await sendWith(request, credentials, offset, deadline);
  if (corrected.status === 401) clockOffsets.set(origin, used);
  record.note(request.scope, corrected);
  return corrected;
}

/** The offset to sign with, where a refusal may be due to this machine's clock. */
function clockSkew({ status, headers }: HttpResponse, used: number): number | undefined {
  if (status !== 401 || headers.date === undefined) return undefined;
  const offset = Date.parse(headers.date) - Date.now();
  return Math.abs(offset - used) > MAX_CLOCK_SKEW ? offset : undefined;
}

async function sendWith(
  { secrets, scope: _, acceptsFallbackToken: __, isLogin, ...request }: UnsignedRequest,
  credentials: Credentials,
  clockOffset: number,
  deadline: Deadline,
): Promise<AuthenticatedResponse> {
  if (!valuesOf(credentials).every(isHeaderSafe)) throw unwritable(request);
  if (isLogin) deadline.requireTimeForLogin();
  const authentication =
    "authToken" in credentials
      ? { "X-Auth-Token": credentials.authToken }
      : signatureHeaders(request, credentials, new Date(Date.now() + clockOffset));
  const headers = { ...request.headers, ...authentication };
  const response = await send({ ...request, headers, ...deadline.limits });
  const hidden = [...secrets, ...valuesOf(credentials), signatureIn(headers)];
  return { ...response, ...redactorOf(hidden) };
}

function signatureIn(headers: Record<string, string>): string | undefined {
  return /Signature=(\w+)/.exec(headers.Authorization ?? "")?.[1];
}

function valuesOf(credentials: Credentials): (string | undefined)[] {
  if ("authToken" in credentials) return [credentials.authToken];
  const { accessKey, secretKey, securityToken } = credentials;
  return [accessKey, secretKey, securityToken];
}

function isHeaderSafe(value: string | undefined): boolean {
  return value === undefined || /^[\x21-\x7e]+$/.test(value);
}

function unwritable(request: Pick<UnsignedRequest, "method" | "url">): RequestError {
  return new RequestError({
    reason: `${requestName(request)} was not sent, because a credential holds a character that a header can't carry`,
    advice: "Correct the credentials.",
    retry: "never",
  });
}

function isBearer(credentials: Credentials): boolean {
  return "authToken" in credentials || credentials.securityToken !== undefined;
}
