import type { Deadline } from "../deadline";
import { RequestError } from "../errors";
import type { HttpClient } from "../http/http";
import { type HttpRequest, type HttpResponse, requestName } from "../http/messages";
import { redactorOf } from "../http/redaction";
import { inTurn } from "../turns";
import { type CredentialRecord, CredentialRecords } from "./credentialRecord";
import {
  type AuthenticatedResponse,
  areHeaderSafe,
  type Credentials,
  type FoundCredentials,
  isBearer,
  valuesOf,
} from "./credentials";
import { signatureHeaders } from "./signature";

/** A request that credentials are still to be added to. */
export interface UnsignedRequest
  extends Pick<HttpRequest, "method" | "url" | "headers" | "once" | "isHarmless"> {
  body: string;
  /** What of the request must not be shown. */
  secrets: readonly (string | undefined)[];
  /** What an answer tells about credentials counts for this: the endpoint and the project. */
  scope: string;
  /** Whether bearer credentials may be sent here when others were refused. */
  acceptsFallbackToken: boolean;
  /** Whether an answer that is lost would leave a session open. */
  isLogin?: boolean;
  deadline: Deadline;
}

const MAX_CLOCK_SKEW = 5 * 60_000;

/** The API gateway in front of DCS and IAM, with what its answers have told about credentials and about the time. */
export class Gateway {
  private readonly records = new CredentialRecords();
  /** How far the clock of a server was ahead of this machine's, by origin, in milliseconds. */
  private readonly clockOffsets = new Map<string, number>();

  constructor(private readonly http: HttpClient) {}

  /**
   * Sends a request with the first credentials that are not refused, and with the next ones after a 401.
   * Resolves with the last 401 where all are refused, and with nothing where there are none.
   */
  async send(
    request: UnsignedRequest,
    sources: AsyncIterable<FoundCredentials>,
  ): Promise<AuthenticatedResponse | undefined> {
    let first: string | undefined;
    let refusal: AuthenticatedResponse | undefined;
    const refused = new Set<string>();
    try {
      for await (const { credentials, source } of sources) {
        first ??= source;
        // Newer credentials of the same source are no others.
        const isFallback = source !== first;
        if (isFallback && isBearer(credentials) && !request.acceptsFallbackToken) continue;
        const response = await this.sendInTurn(request, credentials);
        const aside = after(refused);
        if (response.status !== 401) return { ...response, aside, mayBeOfAnotherAccount: isFallback };
        refusal = { ...response, aside };
        refused.add(source);
      }
    } catch (error) {
      // What is wrong with the next credentials must not hide why they were needed.
      if (!refusal || !(error instanceof RequestError)) throw error;
      const { reason, retry } = error.failure;
      if (retry === "never" && !error.mayHaveActed)
        return { ...refusal, aside: `${refusal.aside}, and ${reason}` };
      throw new RequestError({ ...error.failure, reason: reason + after(refused) });
    }
    return refusal;
  }

  private sendInTurn(request: UnsignedRequest, credentials: Credentials): Promise<AuthenticatedResponse> {
    const record = this.records.of(credentials);
    const turns = {
      mutex: record.turns,
      mayGoTogether: () => record.hasProved(request.scope),
      deadline: request.deadline,
      late: `${requestName(request)} was not sent, because an earlier request with the same credentials is still without an answer`,
    };
    return inTurn(turns, () => this.attempt(request, credentials, record));
  }

  private async attempt(
    request: UnsignedRequest,
    credentials: Credentials,
    record: CredentialRecord,
  ): Promise<AuthenticatedResponse> {
    const known = record.refusal(request.scope);
    if (known) {
      return {
        ...known,
        request:
          "no request was sent, because these credentials were rejected earlier in this run: the server",
      };
    }
    const { origin } = new URL(request.url);
    const offsetUsed = this.clockOffsets.get(origin) ?? 0;
    const response = await this.sendWith(request, credentials, offsetUsed);
    const offset = "authToken" in credentials ? undefined : clockSkew(response, offsetUsed);
    if (offset === undefined || !record.mayFailOnceMore(request.scope)) {
      record.note(request.scope, response);
      return response;
    }
    record.countFailure(response);
    // Before the answer, which may be lost: to begin anew with the old time would be another failure.
    this.clockOffsets.set(origin, offset);
    const corrected = await this.sendWith(request, credentials, offset);
    if (corrected.status === 401) this.clockOffsets.set(origin, offsetUsed);
    record.note(request.scope, corrected);
    return corrected;
  }

  private async sendWith(
    { secrets, isLogin, deadline, ...request }: UnsignedRequest,
    credentials: Credentials,
    clockOffset: number,
  ): Promise<AuthenticatedResponse> {
    if (!areHeaderSafe(credentials)) throw unwritable(request);
    if (isLogin) deadline.requireTimeForLogin();
    const authentication =
      "authToken" in credentials
        ? { "X-Auth-Token": credentials.authToken }
        : signatureHeaders(request, credentials, new Date(Date.now() + clockOffset));
    const headers = { ...request.headers, ...authentication };
    const response = await this.http.send({ ...request, headers, ...deadline.limits });
    const hidden = [...secrets, ...valuesOf(credentials), signatureIn(headers)];
    return { ...response, ...redactorOf(hidden) };
  }
}

/** What to add to the words about an answer or a failure, where others were refused before. */
function after(refused: ReadonlySet<string>): string {
  return refused.size === 0 ? "" : `, after a 401 for the credentials from ${[...refused].join(" and ")}`;
}

/** The offset to sign with, where a refusal may be due to this machine's clock. */
function clockSkew({ status, headers }: HttpResponse, offsetUsed: number): number | undefined {
  if (status !== 401 || headers.date === undefined) return undefined;
  const offset = Date.parse(headers.date) - Date.now();
  return Math.abs(offset - offsetUsed) > MAX_CLOCK_SKEW ? offset : undefined;
}

function signatureIn(headers: Record<string, string>): string | undefined {
  return /Signature=(\w+)/.exec(headers.Authorization ?? "")?.[1];
}

function unwritable(request: Pick<UnsignedRequest, "method" | "url">): RequestError {
  return new RequestError({
    reason: `${requestName(request)} was not sent, because a credential holds a character that a header can't carry`,
    advice: "Correct the credentials.",
    retry: "never",
  });
}
