import type { IncomingHttpHeaders } from "node:http";
import debug from "debug";
import { request as undici } from "undici";
import { dispatcherFor, type Trust } from "./agent";
import { noAnswer, Overdue } from "./noAnswer";

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

/** Sends one request once. Resolves with any answer; redirects are answers and are not followed. */
export async function send(request: Request): Promise<Answer> {
  const called = `${request.method} ${new URL(request.url).pathname}`;
  const started = Date.now();
  // undici's own time-outs start anew with every packet, and none of its signals ends a connecting; this one
  // is for all of it. AbortSignal.timeout would hold memory until the time is over.
  const deadline = new AbortController();
  const overdue = new Promise<never>((_, reject) => {
    deadline.signal.addEventListener("abort", () => reject(deadline.signal.reason));
  });
  const timer = setTimeout(() => deadline.abort(new Overdue()), request.timeoutMs);
  try {
    const answer = await Promise.race([exchange(called, request, deadline.signal), overdue]);
    log("%s answered %d in %d ms", called, answer.status, Date.now() - started);
    return answer;
  } catch (error) {
    const failed = noAnswer(called, request, error);
    log("%s", failed.message);
    throw failed;
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(called: string, request: Request, signal: AbortSignal): Promise<Answer> {
  const { method, body, silenceMs } = request;
  const {
    statusCode,
    headers,
    body: answered,
  } = await undici(request.url, {
    method,
    body,
    headers: { ...DEFAULT_HEADERS, ...request.headers },
    dispatcher: dispatcherFor(request.url, request.trust, silenceMs),
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    signal,
  });
  const text = await answered.text();
  const setCookies = [headers["set-cookie"] ?? []].flat();
  return { request: called, status: statusCode, headers: single(headers), setCookies, body: text };
}

function single(headers: IncomingHttpHeaders): Answer["headers"] {
  const texts = Object.entries(headers).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}

/** The wait that an answer asks for in `Retry-After` (seconds or a date), in milliseconds. */
export function retryAfterMs(answer: Answer): number | undefined {
  const value = answer.headers["retry-after"];
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
