import { type Failure, RequestError, type Retry } from "../errors";
import type { HttpResponse } from "./messages";
import { documentedMessage, type Redactor } from "./redaction";

/** What a refusal tells about itself. */
export interface Refusal {
  code?: unknown;
  message?: unknown;
  requestId?: unknown;
}

/** The object that a body holds; an empty one where it holds none. */
export function objectIn(body: string): Record<string, unknown> {
  try {
    return fieldsOf(JSON.parse(body));
  } catch {
    return {};
  }
}

/** The fields of an object; none where it is something else. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** What a server answered, as a clause. */
export function describeAnswer(
  response: HttpResponse & Redactor & { aside?: string },
  refusal: Refusal,
): string {
  const code = response.showCode(refusal.code);
  const message = documentedMessage(refusal.message);
  const requestId =
    response.showRequestId(refusal.requestId) || response.showRequestId(response.headers["x-request-id"]);
  return (
    `${response.request} answered ${response.status}` +
    (code && ` ${code}`) +
    (message && ` "${message}"`) +
    (requestId && ` (request ID ${requestId})`) +
    (response.aside ?? "")
  );
}

/** The same answer, once it is certain that its body is complete. */
export function complete(response: HttpResponse): HttpResponse {
  if (response.bodyError) throw response.bodyError;
  return response;
}

export function isSuccess({ status }: Pick<HttpResponse, "status">): boolean {
  return status >= 200 && status < 300;
}

/** Whether an answer speaks of the server's state and not of the request, so that another one may follow. */
export function isTransient({ status }: Pick<HttpResponse, "status">): boolean {
  return isNotRead(status) || status >= 500;
}

/** 408: the server closed a connection on which no request had come. 429: it took no more requests. */
function isNotRead(status: number): boolean {
  return status === 408 || status === 429;
}

/** An answer that is no success, as an error. By default, its status tells when the request may be sent again. */
export function answerError(
  response: HttpResponse,
  told: Omit<Failure, "retry"> & Partial<Pick<Failure, "retry">>,
): RequestError {
  return new RequestError({ retry: retryFor(response), retryAfter: retryAfter(response), ...told });
}

function retryFor({ status, request }: HttpResponse): Retry {
  if (!isTransient({ status })) return "never";
  return isNotRead(status) || !request.startsWith("POST ") ? "always" : "idempotent";
}

/** The wait that an answer asks for in `Retry-After` (RFC 9110: seconds or a date), in milliseconds. */
export function retryAfter({ headers }: Pick<HttpResponse, "headers">): number | undefined {
  const value = headers["retry-after"] ?? "";
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // A date is the server's, so it is compared with the server's clock.
  const date = /^[A-Z][a-z]+,? .*\d\d:\d\d:\d\d/.test(value) ? Date.parse(value) : Number.NaN;
  const ms = date - (Date.parse(headers.date ?? "") || Date.now());
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
