import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";
import axios from "axios";
import debug from "debug";
import type { RequestError } from "../errors";
import { Agents, type Trust } from "./agent";
import { ResponseTooLongError, requestErrorFrom, TimeoutError } from "./transportErrors";

const log = debug("huaweicloud-sessions:http");

/** No answer of either service comes near this size, inflated: 2 MiB. */
const MAX_RESPONSE_BYTES = 2 * 1024 * 1024;

export interface HttpRequest {
  method: "GET" | "POST" | "PUT";
  url: string;
  headers: Record<string, string>;
  body?: string;
  trust?: Trust;
  /** From the look-up of the host name to the last byte of the answer, in milliseconds. */
  requestTimeout: number;
  /** For connecting, and between two packets, in milliseconds. */
  idleTimeout: number;
  /** Whether the environment's proxy carries it. @default true */
  proxy?: boolean;
}

export interface HttpResponse {
  /** See `requestName`. */
  request: string;
  status: number;
  headers: Record<string, string | undefined>;
  /** The `Set-Cookie` headers as they came. */
  setCookies: string[];
  /** The body, or what came of it. */
  body: string;
  /** Why the body is not complete. The status and the headers hold all the same. */
  bodyError?: RequestError;
}

const client = axios.create({
  adapter: "http",
  responseType: "stream",
  // The agent carries the proxy, after it has checked the certificate behind it.
  proxy: false,
  validateStatus: () => true,
  transformRequest: (body: unknown) => body,
  headers: {
    common: {
      Accept: "application/json",
      "Accept-Encoding": "identity",
      "User-Agent": "pulumi-huaweicloud-sessions",
    },
  },
});

/** Method and path: what an error may show of a request. */
export function requestName({ method, url }: Pick<HttpRequest, "method" | "url">): string {
  return `${method} ${new URL(url).pathname}`;
}

/** The way to every server, with the connections that are open. */
export class HttpClient {
  private readonly agents = new Agents();

  /** Sends one request once. Resolves with any answer; a redirect is an answer and is not followed. */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const name = requestName(request);
    const started = performance.now();
    const attempt = new Attempt(name, request, this.agents);
    try {
      const response = await attempt.run();
      log("%s answered %d in %d ms", name, response.status, Math.round(performance.now() - started));
      return response;
    } catch (error) {
      const failed = attempt.errorFrom(error);
      log("%s", failed.message);
      throw failed;
    } finally {
      attempt.end();
    }
  }
}

/** One request on its way, with its two time limits. */
class Attempt {
  /** Whether a connection stood: before that, nothing can have reached the server. */
  private connected = false;
  private readonly controller = new AbortController();
  private readonly deadline: NodeJS.Timeout;
  private readonly idle: NodeJS.Timeout;

  constructor(
    private readonly name: string,
    private readonly request: HttpRequest,
    private readonly agents: Agents,
  ) {
    const abort = (reason: string) => this.controller.abort(new TimeoutError(reason));
    this.deadline = setTimeout(abort, request.requestTimeout, "the answer was not complete in time");
    this.idle = setTimeout(abort, request.idleTimeout, "no answer came in time");
  }

  async run(): Promise<HttpResponse> {
    const { method, url, headers, body, trust = {}, idleTimeout, proxy = true } = this.request;
    const agent = this.agents.find(url, trust, idleTimeout, proxy);
    const {
      status,
      headers: received,
      data,
    } = await client.request<Readable>({
      ...{ method, url, headers, data: body, httpAgent: agent, httpsAgent: agent },
      signal: this.controller.signal,
      transport: this.transport(url),
    });
    this.idle.refresh();
    const entries = Object.entries(received);
    return {
      request: this.name,
      status,
      headers: Object.fromEntries(entries.filter((entry) => typeof entry[1] === "string")),
      setCookies: [received["set-cookie"] ?? []].flat().map(String),
      ...(await this.read(data)),
    };
  }

  errorFrom(error: unknown): RequestError {
    const { signal } = this.controller;
    return requestErrorFrom(this.name, this.request, signal.aborted ? signal.reason : error, this.connected);
  }

  end(): void {
    clearTimeout(this.deadline);
    clearTimeout(this.idle);
  }

  /** Node's own, without the redirects that axios would follow; our agents give a socket once it is connected. */
  private transport(url: string) {
    const { request } = url.startsWith("https:") ? https : http;
    return {
      request: (options: https.RequestOptions, callback: (response: IncomingMessage) => void) => {
        // Node.js keeps an option called `signal` from the agent, which has a connection to end as well.
        const withSignal = { ...options, abortSignal: this.controller.signal };
        return request(withSignal, callback).once("socket", () => {
          this.connected = true;
          this.idle.refresh();
        });
      },
    };
  }

  private async read(stream: Readable): Promise<Pick<HttpResponse, "body" | "bodyError">> {
    const chunks: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of stream) {
        this.idle.refresh();
        size += chunk.length;
        if (size > MAX_RESPONSE_BYTES) throw new ResponseTooLongError();
        chunks.push(chunk);
      }
      return { body: Buffer.concat(chunks).toString("utf8") };
    } catch (error) {
      return { body: Buffer.concat(chunks).toString("utf8"), bodyError: this.errorFrom(error) };
    }
  }
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
  return status === 429 || status >= 500;
}

/** The wait that an answer asks for in `Retry-After` (seconds or a date), in milliseconds. */
export function retryAfterMs({ headers }: HttpResponse): number | undefined {
  const value = headers["retry-after"];
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
