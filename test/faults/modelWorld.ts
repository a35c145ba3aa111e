import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "@sinonjs/fake-timers";
import type { HttpRequest, HttpResponse } from "../../provider/api/http/http";
import {
  ResponseTooLongError,
  requestErrorFrom,
  TimeoutError,
} from "../../provider/api/http/transportErrors";
import { type Answer, arrivalOf, noteArrival } from "./answers";
import { type Exchange, exchangeOf } from "./exchange";
import { type Behavior, ModelServer } from "./modelServer";
import type { World } from "./resource";
import { Secrets } from "./secrets";
import type { Treatment } from "./treatments";

/** What decides how each request is treated: undefined is honestly. */
export type Choice = (exchange: Exchange) => { name: string; treatment: Treatment } | undefined;

/** No verb may take longer: a create with its rollback, or a command with its logout. */
const TOO_LONG = 400_000;

/** No service has longer ones; what is longer is refused. */
const MAX_KEY_LENGTH = 512;

const realTick = setImmediate;

/** A service in memory, and what stands in front of it, in place of what sends requests. */
export class ModelWorld implements World {
  readonly exchanges: Exchange[] = [];
  readonly secrets = new Secrets();
  readonly instanceExists = true;
  readonly units = 1;
  private readonly server: ModelServer;
  private readonly inFlight = new Set<string>();
  /** Whether two requests of one session were under way at once. */
  overlaps = false;
  private struck = 0;
  private struckBefore = 0;

  constructor(
    private readonly clock: Clock,
    private readonly behavior: Behavior,
    private readonly choose: Choice,
    readonly canTell: boolean,
  ) {
    this.server = new ModelServer(behavior);
  }

  open(): readonly string[] {
    return this.server.open();
  }

  expireSessions(): void {
    this.server.expire();
  }

  get isCalm(): boolean {
    return this.struck === this.struckBefore && !this.isRefused;
  }

  get canLogIn(): boolean {
    return this.behavior.keyLength <= MAX_KEY_LENGTH && !this.exchanges.some(({ rejected }) => rejected);
  }

  /** Whether the client was told that its credentials are wrong. */
  get isRefused(): boolean {
    const last = this.exchanges.at(-1)?.credential;
    return this.exchanges.some(
      ({ credential, status }) => status === 401 && credential !== undefined && credential === last,
    );
  }

  /** Lets the clock run until a verb settles. */
  async inTime<T>(verb: string, work: () => Promise<T>): Promise<T> {
    this.struckBefore = this.struck;
    const began = Date.now();
    let isSettled = false;
    const worked = work().finally(() => {
      isSettled = true;
    });
    worked.catch(() => {});
    for (;;) {
      // By then, everything that waits for nothing has run.
      await new Promise<void>((resolve) => realTick(resolve));
      if (isSettled) return worked;
      this.clock.next();
      assert.ok(Date.now() - began < TOO_LONG, `${verb} did not settle`);
    }
  }

  /** Stands in for `send`. */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const { method, url, body = "" } = request;
    const { pathname, search } = new URL(url);
    const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]);
    const exchange = exchangeOf({
      method,
      url: pathname + search,
      headers: Object.fromEntries(headers),
      body,
    });
    const { key = "" } = exchange;
    this.overlaps ||= key !== "" && this.inFlight.has(key);
    this.inFlight.add(key);
    try {
      return await this.respond(request, exchange);
    } finally {
      this.inFlight.delete(key);
    }
  }

  private async respond(request: HttpRequest, exchange: Exchange): Promise<HttpResponse> {
    const honest: Answer = { status: 200, headers: {}, body: "" };
    const { isBlind } = this.behavior;
    const context = { exchange, previous: this.exchanges.at(-1), honest, echo: "", retryAfter: "7", isBlind };
    this.exchanges.push(exchange);
    const chosen = this.choose(exchange);
    const treatment = chosen?.treatment.isForgery?.(context) ? undefined : chosen?.treatment;
    if (!treatment) {
      const answer = this.server.answer(exchange);
      noteArrival(exchange, answer);
      return delivered(request, answer);
    }
    this.struck += 1;
    exchange.answer = chosen?.name;
    const told = treatment.acts ? this.server.answer(exchange) : honest;
    const answer = treatment.answer({ ...context, honest: told });
    noteArrival(exchange, answer);
    return delivered(request, answer);
  }
}

/** What `send` makes of an answer. */
async function delivered(request: HttpRequest, answer: Answer): Promise<HttpResponse> {
  const { status, headers, arrives } = answer;
  const name = `${request.method} ${new URL(request.url).pathname}`;
  const limit = Math.min(request.idleTimeout, request.requestTimeout);
  const failed = (error: Error) => requestErrorFrom(name, request, error, true);
  const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
  const silent = new TimeoutError("no answer came in time");
  const { head, body, complete } = arrivalOf(answer);
  if (arrives === "silence" || (arrives === "head" && !complete)) await wait(limit);
  if (!head) throw failed(arrives === "silence" ? silent : reset);
  const why = arrives === "head" ? silent : arrives === "too long" ? new ResponseTooLongError() : reset;
  const plain = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value]] : [],
  );
  return {
    request: name,
    status,
    headers: Object.fromEntries(plain),
    setCookies: [headers["set-cookie"] ?? []].flat(),
    body,
    ...(complete ? {} : { bodyError: failed(why) }),
  };
}
