import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import type { Readable } from "node:stream";
import axios from "axios";
import debug from "debug";
import type { RequestError } from "../errors";
import { Agents, type RequestOptions } from "./agent";
import type { Connecting } from "./connection";
import { type HttpRequest, type HttpResponse, requestName } from "./messages";
import { invalidResponse, isBroken, requestErrorFrom, timedOut } from "./transportErrors";

const log = debug("huaweicloud-sessions:http");

/** No answer of either service comes near this size, inflated: 2 MiB. */
const MAX_RESPONSE_BYTES = 2 * 1024 * 1024;

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

/** The way to every server, with the connections that are open. */
export class HttpClient {
  private readonly agents = new Agents();

  /**
   * Sends one request. Resolves with any answer; a redirect is an answer and is not followed. Where a connection
   * that was used before turns out to be closed, the request goes out on a new one.
   */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const name = requestName(request);
    const started = performance.now();
    let attempt = new Attempt(name, request, this.agents);
    try {
      const response = await attempt.run().catch((error: unknown) => {
        attempt.end();
        if (!attempt.metClosedConnection(error)) throw error;
        const requestTimeout = request.requestTimeout - (performance.now() - started);
        attempt = new Attempt(name, { ...request, requestTimeout, once: true }, this.agents);
        return attempt.run();
      });
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
  /** Set once a connection stands: before that, nothing can have reached the server. */
  private sent: ClientRequest | undefined;
  private readonly controller = new AbortController();
  private readonly connecting: Connecting = { signal: this.controller.signal };
  private readonly deadline: NodeJS.Timeout;
  private readonly idle: NodeJS.Timeout;

  constructor(
    private readonly name: string,
    private readonly request: HttpRequest,
    private readonly agents: Agents,
  ) {
    const abort = (reason: string) => {
      const { waitingFor } = this.connecting;
      this.controller.abort(timedOut(waitingFor ? `${waitingFor}: ${reason}` : reason));
    };
    this.deadline = setTimeout(abort, request.requestTimeout, "the answer was not complete in time");
    this.idle = setTimeout(abort, request.idleTimeout, "no answer came in time");
  }

  async run(): Promise<HttpResponse> {
    const { method, url, headers, body, trust, once } = this.request;
    const agent = this.agents.find(url, trust, once);
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
    if (status < 200 || status > 599) {
      data.destroy();
      throw invalidResponse(`status ${status}`);
    }
    const entries = Object.entries(received);
    return {
      request: this.name,
      status,
      headers: Object.fromEntries(entries.filter((entry) => typeof entry[1] === "string")),
      setCookies: [received["set-cookie"] ?? []].flat().map(String),
      ...(await this.read(data)),
    };
  }

  /** Whether a connection that was used before had been closed: then the server did not see the request. */
  metClosedConnection(error: unknown): boolean {
    return this.sent?.reusedSocket === true && isBroken(error);
  }

  errorFrom(error: unknown): RequestError {
    const { signal } = this.controller;
    return requestErrorFrom(this.name, this.request, signal.aborted ? signal.reason : error, !!this.sent);
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
        const withConnecting: RequestOptions = { ...options, connecting: this.connecting };
        const sent = request(withConnecting, callback);
        return sent.once("socket", () => {
          this.sent = sent;
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
        if (size > MAX_RESPONSE_BYTES) throw invalidResponse("more than 2 MiB");
        chunks.push(chunk);
      }
      return { body: Buffer.concat(chunks).toString("utf8") };
    } catch (error) {
      return { body: Buffer.concat(chunks).toString("utf8"), bodyError: this.errorFrom(error) };
    }
  }
}
