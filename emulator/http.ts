import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { parseCookie } from "cookie";

/** One request, read to its end. */
export interface Call {
  method: string;
  /** The path as it came, still percent-encoded, without the query. */
  path: string;
  /** The query as it came, without the `?`. */
  rawQuery: string;
  query: URLSearchParams;
  params: Readonly<Record<string, string | undefined>>;
  headers: IncomingHttpHeaders;
  /** The raw bytes: signatures cover them, not what they decode to. */
  body: Buffer;
  remoteAddress: string;
  requestId: string;
}

/** What the server sends back. */
export interface Reply {
  status: number;
  headers?: Readonly<Record<string, string | readonly string[]>>;
  body?: string;
}

/** Thrown by a handler in place of an answer. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(readonly reply: Reply) {
    super(`Refused with ${reply.status}`);
  }
}

/** An object whose contents are still unchecked. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON object in a body; undefined for anything else. */
export function jsonObject(body: Buffer): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function json(status: number, value: unknown): Reply {
  return { status, headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) };
}

export function text(status: number, body: string): Reply {
  return { status, headers: { "Content-Type": "text/plain" }, body };
}

export function html(status: number, body: string, cookies: readonly string[] = []): Reply {
  const headers = { "Content-Type": "text/html;charset=UTF-8", "Cache-Control": "no-store" };
  return { status, headers: { ...headers, "Set-Cookie": cookies }, body };
}

/** A header that is sent once; "" where it is missing. */
export function header(call: Pick<Call, "headers">, name: string): string {
  return String(call.headers[name] ?? "");
}

/** A cookie as sent; an empty one counts as none. */
export function cookieOf(call: Pick<Call, "headers">, name: string): string | undefined {
  const cookies = parseCookie(call.headers.cookie ?? "", { decode: (value) => value });
  return cookies[name] || undefined;
}

export function hasMediaType(call: Pick<Call, "headers">, type: string): boolean {
  return header(call, "content-type").split(";")[0]?.trim().toLowerCase() === type;
}

/** The fields of a posted form; a body of another type has none. */
export function formFields(call: Call): URLSearchParams {
  const isForm = hasMediaType(call, "application/x-www-form-urlencoded");
  return new URLSearchParams(isForm ? call.body.toString("utf8") : "");
}

/** The whole body; undefined beyond `limit` bytes, with the rest unread. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  // destroyOnReturn off: leaving the loop early must keep the socket, on which the 413 is sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > limit) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
