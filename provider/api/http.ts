import axios, { AxiosError, type AxiosRequestConfig } from "axios";
import debug from "debug";
import { agentFor, FingerprintMismatch, type Trust } from "./agent";
import { type Again, RequestFailed } from "./errors";

const log = debug("huaweicloud-sessions:http");

/** No answer of either service comes near this size: 2 MiB. */
const ANSWER_BYTES = 2 * 1024 * 1024;

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
  // axios's own time-out starts anew with every packet; this one ends a server that trickles. It is cleared
  // with the answer: AbortSignal.timeout would hold memory until the time is over.
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), request.timeoutMs);
  try {
    const response = await axios.request<string>(axiosConfig(request, deadline.signal));
    log("%s answered %d in %d ms", called, response.status, Date.now() - started);
    const headers: Answer["headers"] = {};
    for (const [name, value] of Object.entries(response.headers)) {
      if (typeof value === "string") headers[name.toLowerCase()] = value;
    }
    const setCookies = response.headers["set-cookie"] ?? [];
    return { request: called, status: response.status, headers, setCookies, body: response.data };
  } catch (error) {
    const failed = noAnswer(called, request, error);
    log("%s", failed.message);
    throw failed;
  } finally {
    clearTimeout(timer);
  }
}

function axiosConfig(request: Request, signal: AbortSignal): AxiosRequestConfig {
  const agent = agentFor(request.url, request.trust);
  return {
    method: request.method,
    url: request.url,
    headers: { Accept: "application/json", "Accept-Encoding": "identity", ...request.headers },
    data: request.body === undefined ? undefined : Buffer.from(request.body),
    httpAgent: agent,
    httpsAgent: agent,
    // The agent already goes through the proxy of the environment.
    proxy: false,
    maxRedirects: 0,
    maxContentLength: ANSWER_BYTES,
    timeout: request.silenceMs,
    signal,
    responseType: "text",
    transformResponse: (text: string) => text,
    validateStatus: () => true,
  };
}

const NOT_CONNECTED: Record<string, string> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "its host name could not be looked up",
  EAI_AGAIN: "its host name could not be looked up",
};

const BROKEN: Record<string, string> = {
  ECONNRESET: "the connection broke before the answer was complete",
  EPIPE: "the connection broke before the answer was complete",
  ECONNABORTED: "no answer came in time",
  ETIMEDOUT: "no answer came in time",
  ERR_CANCELED: "the answer was not complete in time",
  EHOSTUNREACH: "its host could not be reached",
  ENETUNREACH: "its network could not be reached",
};

const CHECK_NETWORK =
  "Check the address, the network and the proxy settings, then run the same command again.";

function noAnswer(called: string, request: Request, error: unknown): RequestFailed {
  const { host } = new URL(request.url);
  const failed = (reason: string, again: Again, advice = CHECK_NETWORK) =>
    new RequestFailed({ said: `${called} at ${host} got no answer: ${reason}`, advice, again });

  const cause = error instanceof AxiosError ? (error.cause ?? error) : error;
  if (cause instanceof FingerprintMismatch) {
    return failed(cause.message, "never", "If that is the right server, set certificateFingerprint to it.");
  }
  const code = codeOf(error) ?? codeOf(cause) ?? "";
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
  return failed(`what came is no usable HTTP answer (${code || "unknown"})`, "never", "Check the address.");
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** The wait that an answer asks for in `Retry-After` (seconds or a date), in milliseconds. */
export function retryAfterMs(answer: Answer): number | undefined {
  const value = answer.headers["retry-after"];
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
