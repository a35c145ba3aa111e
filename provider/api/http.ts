import type { IncomingHttpHeaders } from "node:http";
import debug from "debug";
import { errors, request as exchange } from "undici";
import { dispatcherFor, FingerprintMismatch, NoTunnel, type Trust } from "./agent";
import { type Again, RequestFailed } from "./errors";

const log = debug("huaweicloud-sessions:http");

const DEFAULT_HEADERS = {
  Accept: "application/json",
  "Accept-Encoding": "identity",
  "User-Agent": "pulumi-huaweicloud-sessions",
};

export interface Request {
  method: "GET" | "POST";
  url: string;
  headers: Record<string, string>;
  body?: string;
  trust?: Trust;
  /** From the look-up of the host to the last byte of the answer. */
  timeoutMs: number;
  /** To connect, and between two packets. */
  silenceMs: number;
}

export interface Answer {
  /** Method and path: what an error may show of the request. */
  request: string;
  status: number;
  headers: Record<string, string | undefined>;
  /** The `Set-Cookie` headers as they came. */
  setCookies: string[];
  body: string;
}

/** The time for the whole answer was over. */
class Overdue extends Error {
  readonly code = "OVERDUE";
}

/** Sends one request once. Resolves with any answer; redirects are answers and are not followed. */
export async function send(request: Request): Promise<Answer> {
  const called = `${request.method} ${new URL(request.url).pathname}`;
  const started = Date.now();
  // undici's own time-outs start anew with every packet; this one ends a server that trickles. It is cleared
  // with the answer: AbortSignal.timeout would hold memory until the time is over.
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Overdue()), request.timeoutMs);
  try {
    const { statusCode: status, headers, body } = await exchange(request.url, options(request, deadline));
    const text = await body.text();
    log("%s answered %d in %d ms", called, status, Date.now() - started);
    const setCookies = [headers["set-cookie"] ?? []].flat();
    return { request: called, status, headers: single(headers), setCookies, body: text };
  } catch (error) {
    const failed = noAnswer(called, request, error);
    log("%s", failed.message);
    throw failed;
  } finally {
    clearTimeout(timer);
  }
}

function options(request: Request, deadline: AbortController): Parameters<typeof exchange>[1] {
  const { method, body, silenceMs } = request;
  return {
    method,
    body,
    headers: { ...DEFAULT_HEADERS, ...request.headers },
    dispatcher: dispatcherFor(request.url, request.trust, silenceMs),
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    signal: deadline.signal,
  };
}

function single(headers: IncomingHttpHeaders): Answer["headers"] {
  const texts = Object.entries(headers).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}

const NOT_CONNECTED: Record<string, string> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "its host name could not be looked up",
  EAI_AGAIN: "its host name could not be looked up",
};

const BROKEN: Record<string, string> = {
  ECONNRESET: "the connection broke before the answer was complete",
  EPIPE: "the connection broke before the answer was complete",
  UND_ERR_SOCKET: "the connection broke before the answer was complete",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the connection broke before the answer was complete",
  ETIMEDOUT: "no answer came in time",
  UND_ERR_CONNECT_TIMEOUT: "no answer came in time",
  UND_ERR_HEADERS_TIMEOUT: "no answer came in time",
  UND_ERR_BODY_TIMEOUT: "no answer came in time",
  OVERDUE: "the answer was not complete in time",
  EHOSTUNREACH: "its host could not be reached",
  ENETUNREACH: "its network could not be reached",
};

const CHECK_NETWORK =
  "Check the address, the network and the proxy settings, then run the same command again.";

function noAnswer(called: string, request: Request, error: unknown): RequestFailed {
  const { host } = new URL(request.url);
  const failed = (reason: string, again: Again, advice = CHECK_NETWORK) =>
    new RequestFailed({ said: `${called} at ${host} got no answer: ${reason}`, advice, again });

  if (error instanceof FingerprintMismatch) {
    return failed(error.message, "never", "If that is the right server, set certificateFingerprint to it.");
  }
  if (error instanceof NoTunnel) return failed(error.message, error.again);
  const code = codeOf(error);
  const refused = NOT_CONNECTED[code];
  if (refused) return failed(refused, "always");
  const broken = BROKEN[code];
  if (broken) return failed(broken, request.method === "GET" ? "always" : "idempotent");
  if (/CERT|SIGNATURE|ISSUER|SSL|TLS|EPROTO/.test(code)) {
    return failed(
      `its certificate or TLS was not accepted (${code})`,
      "never",
      "Give the server's authority as caCertificate (PEM) or pin its certificate with certificateFingerprint.",
    );
  }
  return failed(`what came is no usable HTTP answer (${code})`, "never", "Check the address.");
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  // llhttp's errors come without their codes; this one is an answer that was cut off.
  if (error instanceof errors.HTTPParserError && /EOF/.test(error.message)) return "UND_ERR_SOCKET";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

/** The wait that an answer asks for in `Retry-After` (seconds or a date), in milliseconds. */
export function retryAfterMs(answer: Answer): number | undefined {
  const value = answer.headers["retry-after"];
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
