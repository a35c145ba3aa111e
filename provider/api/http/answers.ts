import type { HttpResponse } from "./http";
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
