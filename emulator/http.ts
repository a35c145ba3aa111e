import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

/** One request, read to its end. */
export interface Call {
  readonly method: string;
  /** The path as it came, still percent-encoded, without the query. */
  readonly path: string;
  /** The query as it came, without the `?`. */
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly headers: IncomingHttpHeaders;
  /** The raw bytes: signatures cover them, not what they decode to. */
  readonly body: Buffer;
  readonly remoteAddress: string;
  readonly requestId: string;
}

/** What the server sends back. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** Thrown by an endpoint in place of an answer. */
export class Refusal extends Error {
  constructor(readonly reply: Reply) {
    super(`refused with ${reply.status}`);
    this.name = "Refusal";
  }
}

/** The request's body is larger than the server takes. */
export class BodyTooLarge extends Error {}

/** An object with its contents still unchecked. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function json(status: number, value: unknown): Reply {
  return { status, headers: { "Content-Type": "application/json" }, body: JSON.stringify(value) };
}

/**
 * Reads the whole body.
 *
 * @throws {BodyTooLarge} beyond `limit` bytes; the rest stays unread.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // destroyOnReturn off: leaving the loop early must keep the socket, on which the 413 is sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const bytes: Buffer = chunk;
    size += bytes.length;
    if (size > limit) {
      throw new BodyTooLarge();
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
