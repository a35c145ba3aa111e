import { once } from "node:events";
import http from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import type { Emulator } from "../../emulator";
import { type Answer, noteArrival, wireText } from "./answers";
import {
  type Call,
  cookieOf,
  type Exchange,
  exchangeOf,
  type Request,
  ticketGrantingCookieOf,
} from "./exchange";
import { SPELLINGS, type Spelling } from "./secrets";
import { type Treatment, treatmentsOf } from "./treatments";

/** How a front treats requests. */
export interface Rule {
  on: Call;
  /** The name of a treatment. */
  treatment: string;
  /** Which requests it strikes, in their order. */
  strikes: boolean[];
  /** Whether the pattern begins again at its end. */
  forGood: boolean;
  echo: Echo;
}

/** What of a request is repeated in its answer. */
export interface Echo {
  of:
    | "nothing"
    | "key"
    | "command"
    | "password"
    | "body"
    | "url"
    | "authorization"
    | "cookie"
    | "x-auth-token";
  spelling: Spelling;
  /** Where it is cut off. */
  length: number;
}

/** By which a balancer knows the node that a client was led to. */
const NODE = "NODE";

/** A reverse proxy in front of the emulator, or a balancer of two. It keeps the books of all that passes. */
export class Front {
  readonly exchanges: Exchange[] = [];
  private rules: { rule: Rule; treatment: Treatment; seen: number }[] = [];
  private readonly server = http.createServer((request, response) => void this.serve(request, response));
  private readonly agent = new http.Agent({ keepAlive: true });
  private clients = 0;
  private inProgress = 0;
  /**
   * Whether create may not have learned if probes tell life from death. A delete then believes what Jasig's CAS
   * 3.5 shows, and a front that shows the same is that CAS to any client.
   */
  isInDoubt = false;
  /** What went wrong in here, which no client is to blame for. */
  private broken: unknown;

  private constructor(
    private readonly nodes: readonly Emulator[],
    /** Whether the service shows the same to a live session and to a dead one. */
    private readonly isBlind: boolean,
  ) {}

  static async open(nodes: readonly Emulator[], isBlind: boolean): Promise<Front> {
    const front = new Front(nodes, isBlind);
    // Longer than clients keep idle connections, so that none is cut by chance.
    front.server.keepAliveTimeout = 65_000;
    front.server.listen(0, "127.0.0.1");
    await once(front.server, "listening");
    return front;
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  /** Replaces the rules. Where several match a request, the first one that strikes counts. */
  follow(rules: readonly Rule[]): void {
    this.rules = rules.map((rule) => {
      const treatment = treatmentsOf(rule.on)[rule.treatment];
      if (!treatment) throw new Error(`${rule.on} is never treated by "${rule.treatment}"`);
      return { rule, treatment, seen: 0 };
    });
  }

  cutConnections(): void {
    this.server.closeAllConnections();
  }

  /** Resolves when no request is in progress any more, those included whose clients have given up. */
  async idle(): Promise<void> {
    while (this.inProgress > 0) await wait(2);
    if (this.broken) throw this.broken;
  }

  async close(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.cutConnections();
    this.agent.destroy();
    await closed;
  }

  private async serve(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.inProgress += 1;
    const { method = "", url = "", headers, socket } = incoming;
    try {
      const plain = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      const body = (await buffer(incoming)).toString("utf8");
      await this.answer({ method, url, headers: Object.fromEntries(plain), body }, response);
    } catch (error) {
      // A client may go before it has sent its request.
      if (incoming.complete) this.broken ??= error;
      socket.destroy();
    } finally {
      this.inProgress -= 1;
    }
  }

  private async answer(request: Request, response: http.ServerResponse): Promise<void> {
    const exchange = exchangeOf(request);
    const previous = this.exchanges.at(-1);
    this.exchanges.push(exchange);
    const struck = this.ruleFor(exchange);
    const context = {
      exchange,
      previous,
      honest: { status: 200, headers: {}, body: "" },
      echo: struck ? echoOf(exchange, struck.rule.echo) : "",
      retryAfter: "0",
      isBlind: this.isBlind || this.isInDoubt,
    };
    const treatment = struck?.treatment.isForgery?.(context) ? undefined : struck?.treatment;
    if (treatment) exchange.answer = struck?.rule.treatment;
    if (treatment && exchange.call === "cas.probe" && !this.hasLoggedOut) this.isInDoubt = true;
    const honest = !treatment || treatment.acts ? await this.forward(exchange) : context.honest;
    const answer: Answer = treatment ? treatment.answer({ ...context, honest }) : honest;
    if (answer.delay) await wait(answer.delay);
    noteArrival(exchange, answer);
    exchange.answeredAt = this.exchanges.length;
    await send(answer, response);
  }

  /** Whether a logout was sent since the last login. */
  private get hasLoggedOut(): boolean {
    return (
      this.exchanges.findLast(({ call }) => call === "cas.login" || call === "cas.logout")?.call ===
      "cas.logout"
    );
  }

  private ruleFor({ call }: Exchange) {
    let found: (typeof this.rules)[number] | undefined;
    for (const entry of this.rules) {
      const { on, strikes, forGood } = entry.rule;
      if (on !== call) continue;
      const at = forGood ? entry.seen % strikes.length : entry.seen;
      entry.seen += 1;
      if (strikes[at]) found ??= entry;
    }
    return found;
  }

  private async forward(exchange: Exchange): Promise<Answer> {
    const { request, call } = exchange;
    const { nodes } = this;
    const balanced = nodes.length > 1 && call.startsWith("cas.");
    const led = balanced ? cookieOf(request, NODE) : undefined;
    const at = led === undefined ? this.clients++ % (balanced ? nodes.length : 1) : Number(led);
    const honest = await this.ask(nodes[at] ?? nodes[0], request);
    exchange.performed = honest.status < 300 || (call.startsWith("cas.") && honest.status === 302);
    exchange.opened = openedBy(call, honest);
    if (led !== undefined || !balanced) return honest;
    const cookies = [honest.headers["set-cookie"] ?? [], `${NODE}=${at}; Path=/`].flat();
    return { ...honest, headers: { ...honest.headers, "set-cookie": cookies } };
  }

  private async ask(node: Emulator | undefined, { method, url, headers, body }: Request): Promise<Answer> {
    const outgoing = http.request(`${node?.url}${url}`, { method, headers, agent: this.agent });
    outgoing.end(body);
    const [incoming]: http.IncomingMessage[] = await once(outgoing, "response");
    if (!incoming) throw new Error("a response event comes with a response");
    const {
      "transfer-encoding": _,
      "content-length": __,
      connection: ___,
      "keep-alive": ____,
      ...rest
    } = incoming.headers;
    const received = Object.entries(rest).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    );
    const text = (await buffer(incoming)).toString("utf8");
    return { status: incoming.statusCode ?? 0, headers: Object.fromEntries(received), body: text };
  }
}

/** The session that an honest answer tells of. */
export function openedBy(call: Call, { status, headers, body }: Answer): string | undefined {
  if (call === "webcli.auth" && status === 200) return /"client_id":"([^"]+)"/.exec(body)?.[1];
  if (call !== "cas.login") return undefined;
  const cookies = [headers["set-cookie"] ?? []].flat().map((cookie) => cookie.split(";")[0]);
  return ticketGrantingCookieOf({ headers: { cookie: cookies.join("; ") } });
}

function echoOf({ key = "", command = "", request }: Exchange, { of, spelling, length }: Echo): string {
  const { body, url, headers } = request;
  const sources: Record<Echo["of"], string | undefined> = {
    ...{ nothing: "", key, command, body, url },
    password: body.startsWith("{") ? JSON.parse(body).password : new URLSearchParams(body).get("password"),
    authorization: headers.authorization,
    cookie: headers.cookie,
    "x-auth-token": headers["x-auth-token"],
  };
  return SPELLINGS[spelling](sources[of] ?? "").slice(0, length);
}

const COMPRESS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
const TOO_LONG = " ".repeat(2 * 1024 * 1024 + 1);

async function send(answer: Answer, response: http.ServerResponse): Promise<void> {
  const { status, headers, body, arrives = "whole", encoding } = answer;
  const { socket } = response;
  if (!socket || socket.destroyed) return;
  if (arrives === "nothing") socket.resetAndDestroy();
  else if (arrives === "silence") await once(socket, "close");
  else if (status === 204 && typeof arrives === "string") response.writeHead(status, headers).end();
  else if (arrives === "head") {
    response.writeHead(status, headers).flushHeaders();
    await once(socket, "close");
  } else if (typeof arrives === "object") {
    const wire = wireText(answer);
    const bytes = Buffer.concat([Buffer.from(wire.head), wire.body]);
    socket.end(bytes.subarray(0, Math.floor(arrives.upTo * bytes.length)));
  } else if (arrives === "too long") response.writeHead(status, headers).end(body + TOO_LONG);
  else if (arrives === "undecodable")
    response.writeHead(status, { ...headers, "content-encoding": "gzip" }).end("not gzip");
  else if (encoding)
    response.writeHead(status, { ...headers, "content-encoding": encoding }).end(COMPRESS[encoding](body));
  else response.writeHead(status, headers).end(body);
}
