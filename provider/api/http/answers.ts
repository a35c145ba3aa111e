import type { HttpResponse } from "./http";
import type { Redactor } from "./redaction";

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
export function describeAnswer(response: HttpResponse & Redactor, refusal: Refusal): string {
  const code = isCode(refusal.code) ? refusal.code : response.showId(refusal.code);
  const message = response.show(cutGatewayMessage(refusal.message));
  const requestId = response.showId(refusal.requestId) || response.showId(response.headers["x-request-id"]);
  return (
    `${response.request} answered ${response.status}` +
    (code && ` ${code}`) +
    (message && ` "${message}"`) +
    (requestId && ` (request ID ${requestId})`)
  );
}

/** What a code looks like. It tells nothing of a secret that happens to hold the same few digits. */
function isCode(value: unknown): value is string {
  return typeof value === "string" && /^(?:(?:DCS|APIGW|IAM)\.\d{4}|111\d{6})$/.test(value);
}

/** The gateway's messages go on with the canonical request, headers included. */
function cutGatewayMessage(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const at = value.toLowerCase().indexOf("canonicalrequest");
  return at < 0 ? value : value.slice(0, at);
}
