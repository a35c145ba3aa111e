import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import debug from "debug";
import createRouter from "find-my-way";
import { type Faults, faultReply } from "./faults";
import { History, type OpenRecord, type RecordedRequest } from "./history";
import { type Call, Refusal, type Reply, readBody, text } from "./http";
import { gatewayError, noSuchApi } from "./iam/gateway";

const log = debug("huaweicloud-sessions:emulator");

const METHODS = ["GET", "POST", "PUT", "DELETE"] as const;
const MAX_BODY_BYTES = 1024 * 1024;
/** What is not behind the API gateway, which has an answer of its own for what it doesn't know. */
const BESIDE_GATEWAY = /^\/(cas|web|emulator|meta-data|openstack)(\/|$)/;

type Head = Pick<Call, "method" | "headers">;

/** What serves a request. */
export interface Endpoint {
  /** The call's name, as in a fault's `on`. */
  on: string | ((call: Pick<Call, "headers">) => string);
  /** The headers in which the service numbers its answers. */
  requestIdHeaders?: readonly string[];
  /** Refuses a request by its head: then its body is not read, and nothing of it is remembered. */
  refuse?: (head: Head) => Reply | undefined;
  /** Whether it only looks on: what watches the requests would else fill the list of them. */
  looksOn?: boolean;
  handle(call: Call): Reply | Promise<Reply>;
}

/** An endpoint and the requests that it serves; `path` is a pattern of find-my-way. */
export interface Route extends Endpoint {
  method: (typeof METHODS)[number];
  path: string;
}

export function route(
  method: Route["method"],
  path: string,
  on: Endpoint["on"],
  handle: Endpoint["handle"],
  more: Pick<Endpoint, "requestIdHeaders" | "refuse" | "looksOn"> = {},
): Route {
  return { method, path, on, handle, ...more };
}

/** A request on its arrival, by HTTP or from a test in the same process. */
export interface Arrival {
  method: string;
  /** Path and query. */
  url: string;
  /** By name in lower case. */
  headers: IncomingHttpHeaders;
  remoteAddress: string;
  /** The raw body; undefined for one that is too large. */
  body(): Promise<Buffer | undefined>;
}

type Params = Call["params"];

interface Settings {
  /** How many requests are remembered. */
  history: number;
  clock: () => number;
}

/** Takes a request from its arrival to its answer: records it, lets a fault strike, and calls what serves it. */
export class Router {
  private readonly table;
  private readonly history: History;

  constructor(
    private readonly routes: readonly Route[],
    private readonly faults: Faults,
    private readonly settings: Settings,
  ) {
    this.history = new History(settings.history);
    this.table = tableOf(routes);
  }

  route(request: IncomingMessage, response: ServerResponse): void {
    const { method = "", url = "", headers, socket } = request;
    const body = () => readBody(request, MAX_BODY_BYTES);
    this.answer({ method, url, headers, remoteAddress: socket.remoteAddress ?? "", body })
      .then((reply) => (reply ? send(response, reply) : socket.destroy()))
      .catch((error: unknown) => {
        if (request.destroyed && !request.complete) return;
        log("failed on %s %s: %O", method, url, error);
        send(response, text(500, "The emulator failed.\n"));
      });
  }

  requests(): RecordedRequest[] {
    return this.history.all();
  }

  /** The answer; `undefined` means that the connection is to be cut. */
  async answer(arrival: Arrival): Promise<Reply | undefined> {
    const { headers, method, url } = arrival;
    const { to, params } = this.find(arrival);
    const refusal = to.refuse?.(arrival);
    if (refusal) return refusal;
    const on = typeof to.on === "string" ? to.on : to.on(arrival);
    const at = this.settings.clock();
    const record: OpenRecord = { at, on, method, path: url, headers: { ...headers }, body: "" };
    if (!to.looksOn) this.history.add(record);
    const body = await arrival.body();
    this.history.addBody(record, body?.toString("utf8") ?? "");
    const call = toCall(arrival, params, body);
    const reply = await this.withFault(on, () => (body ? replyOf(to, call) : tooLarge(call.requestId)));
    record.status = reply?.status;
    const ids = (to.requestIdHeaders ?? []).map((name) => [name, call.requestId] as const);
    return reply && { ...reply, headers: { ...Object.fromEntries(ids), ...reply.headers } };
  }

  private find({ method, url, headers }: Arrival): { to: Endpoint; params: Params } {
    // A web page whose host name was rebound to 127.0.0.1 still sends that name.
    if (!isLoopback(headers.host)) return { to: toOthers, params: {} };
    const known = METHODS.find((name) => name === method);
    const found = known && this.table.find(known, url);
    const route = found && this.routes[Number(found.store)];
    return { to: route ?? this.unknown(url), params: found?.params ?? {} };
  }

  private async withFault(on: string, work: () => Reply | Promise<Reply>): Promise<Reply | undefined> {
    const fault = this.faults.take(on);
    if (fault?.delayMs !== undefined) await delay(fault.delayMs, undefined, { ref: false });
    if (fault?.drop === "before") return undefined;
    const reply = (fault && faultReply(fault)) ?? (await work());
    return fault?.drop === "after" ? undefined : reply;
  }

  private unknown(url: string): Endpoint {
    const [path = ""] = url.split("?");
    if (!BESIDE_GATEWAY.test(path)) {
      const handle = (call: Call) => noSuchApi(call.requestId);
      return { on: "unknown", requestIdHeaders: ["X-Request-Id"], handle };
    }
    const allowed = METHODS.filter((method) => this.table.find(method, path));
    const reply = allowed.length > 0 ? text(405, "Method Not Allowed\n") : text(404, "Not Found\n");
    const headers = allowed.length > 0 ? { ...reply.headers, Allow: allowed.join(", ") } : reply.headers;
    return { on: "unknown", handle: () => ({ ...reply, headers }) };
  }
}

/** By the patterns of the routes: to make one takes longer than to answer hundreds of requests. */
const tables = new Map<string, ReturnType<typeof createRouter>>();

/** Finds a route's place among the routes. */
function tableOf(routes: readonly Route[]) {
  const patterns = routes.map(({ method, path }) => `${method} ${path}`).join("\n");
  const known = tables.get(patterns);
  if (known) return known;
  const table = createRouter();
  for (const [at, { method, path }] of routes.entries()) table.on(method, path, () => {}, at);
  tables.set(patterns, table);
  return table;
}

const misdirected = text(
  421,
  "The emulator answers only to localhost, 127.0.0.1 and [::1]: use one of them in the URL.\n",
);
const toOthers: Endpoint = { on: "unknown", refuse: () => misdirected, handle: () => misdirected };

function isLoopback(host: string | undefined): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host ?? "");
}

function toCall(arrival: Arrival, params: Params, body: Buffer | undefined): Call {
  const { headers, method, url, remoteAddress } = arrival;
  const [path = "", ...query] = url.split("?");
  const rawQuery = query.join("?");
  return {
    method,
    path,
    rawQuery,
    query: new URLSearchParams(rawQuery),
    params,
    headers,
    body: body ?? Buffer.alloc(0),
    remoteAddress,
    requestId: randomBytes(16).toString("hex"),
  };
}

async function replyOf(endpoint: Endpoint, call: Call): Promise<Reply> {
  try {
    return await endpoint.handle(call);
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    throw error;
  }
}

function tooLarge(requestId: string): Reply {
  const reply = gatewayError(413, "APIGW.0201", "Request entity too large", requestId);
  // The rest of the body is still on its way, so the connection can't be used again.
  return { ...reply, headers: { ...reply.headers, Connection: "close" } };
}

function send(response: ServerResponse, { status, headers = {}, body }: Reply): void {
  if (response.destroyed) return;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string" || value.length > 0) response.setHeader(name, value);
  }
  response.writeHead(status);
  response.end(body);
}
