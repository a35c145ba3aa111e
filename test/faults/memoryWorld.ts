import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "@sinonjs/fake-timers";
import { TIMEOUTS } from "../../provider/api/deadline";
import type { HttpRequest, HttpResponse } from "../../provider/api/http/messages";
import { invalidResponse, requestErrorFrom, timedOut } from "../../provider/api/http/transportErrors";
import { type Answer, arrivalOf } from "./answers";
import type { Call, Exchange } from "./exchange";
import type { Chosen } from "./services";
import type { Setting } from "./setting";
import { configOf, World } from "./world";

export const RENEWAL_INTERVAL = 120_000;

/** No verb may take longer: a create with its rollback, or a command with its logout. */
const TOO_LONG = 400_000;

const realTick = setImmediate;

/** The services in the same process, in place of what sends requests. Their clock is not that of the machine. */
export class MemoryWorld extends World {
  protected readonly url = "http://127.0.0.1";
  private readonly inFlight = new Set<string>();
  /** Whether two requests of one session were under way at once. */
  overlaps = false;
  private struck = 0;
  private struckBefore = 0;

  constructor(
    private readonly clock: Clock,
    setting: Setting,
    private readonly decide: (call: Call) => string | undefined,
  ) {
    const began = Date.now() - performance.now();
    super(setting, {
      timeouts: TIMEOUTS,
      renewalInterval: RENEWAL_INTERVAL,
      retryAfter: "7",
      clock: () => began + performance.now(),
    });
  }

  /** Renewals wait for the operations. */
  get mayOverlap(): boolean {
    return this.setting.units > 1;
  }

  isCalm(project: string): boolean {
    return this.struck === this.struckBefore && !this.isRefused(project) && !this.isDrained;
  }

  /** With other keys: refusals of a wrong clock that nobody saw, because each answer was lost, may have locked the first. */
  calmDown(): void {
    this.drain(false);
    this.config = configOf(this.rotateKeys());
  }

  /** Whether the client was told that its credentials are wrong. */
  private isRefused(project: string): boolean {
    return this.sent.some((exchange) => exchange.status === 401 && exchange.project === project);
  }

  protected choose({ call }: Exchange): Chosen | undefined {
    const name = this.decide(call);
    if (name === undefined) return undefined;
    this.struck += 1;
    return { name };
  }

  override stepClock(ms: number): void {
    this.clock.setSystemTime(Date.now() + ms);
  }

  /** Lets the clock run until a verb settles. */
  async inTime<T>(verb: string, work: () => Promise<T>): Promise<T> {
    this.struckBefore = this.struck;
    const began = performance.now();
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
      assert.ok(performance.now() - began < TOO_LONG, `${verb} did not settle`);
    }
  }

  /** Stands in for what sends requests. */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const { method, url, body = "" } = request;
    const { pathname, search, host } = new URL(url);
    const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]);
    const received = {
      method,
      url: pathname + search,
      headers: { ...Object.fromEntries(headers), host },
      body,
    };
    const session = /"client_id":"(.*?)"|(?:CASTGC|TGC|MYCAS)=([^;]+)/.exec(
      `${body} ${request.headers.Cookie}`,
    );
    const key = session?.[1] ?? session?.[2] ?? "";
    this.overlaps ||= key !== "" && this.inFlight.has(key);
    this.inFlight.add(key);
    try {
      const date = new Date(this.now()).toUTCString();
      const answer = await this.answer(received);
      return await delivered(request, { ...answer, headers: { date, ...answer.headers } });
    } finally {
      this.inFlight.delete(key);
    }
  }
}

/** What `send` makes of an answer. */
async function delivered(request: HttpRequest, answer: Answer): Promise<HttpResponse> {
  const { status, headers, arrives } = answer;
  const name = `${request.method} ${new URL(request.url).pathname}`;
  const limit = Math.min(request.idleTimeout, request.requestTimeout);
  const failed = (error: Error) => requestErrorFrom(name, request, error, true);
  const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
  const silent = timedOut("no answer came in time");
  const { head, body, complete } = arrivalOf(answer);
  if (arrives === "silence" || (arrives === "head" && !complete)) await wait(limit);
  if (!head) throw failed(arrives === "silence" ? silent : reset);
  const why =
    arrives === "head" ? silent : arrives === "too long" ? invalidResponse("more than 2 MiB") : reset;
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
