import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setImmediate as nextRound, setTimeout as wait } from "node:timers/promises";
import type { Timeouts } from "../../provider/api/deadline";
import { configRequest, SERVICE } from "../support/lifecycles";
import type { Exchange } from "./exchange";
import { Front } from "./front";
import { type Arguments, Host } from "./program";
import type { World } from "./resource";
import { type Rule, Rules } from "./rules";
import { type Event, isBlind, type Schedule } from "./schedule";
import { type Chosen, Services } from "./services";
import { HARMLESS } from "./treatments";

/** Long enough that a busy machine times nothing out by itself, short enough for thousands of lives. */
const TIMEOUTS: Timeouts = {
  requestTimeout: 2_000,
  idleTimeout: 1_500,
  probeTimeout: 2_000,
  operationTimeout: 5_000,
  leastAnswerTime: 500,
  hostNotFoundTimeout: 200,
  connectionRefusedTimeout: 400,
  noticeDelay: 300,
  firstRetryDelay: 2,
  maxRetryDelay: 60,
};

/** Longer than any verb may take: its time, its last request, and a machine that is busy. */
const TOO_LATE = 20_000;

/** The token of another cloud, which the client finds behind its keys, and which no server of a life may get. */
export const FOREIGN_TOKEN = `foreign-${randomBytes(18).toString("hex")}`;

/** The services of a life over HTTP, and the credentials that the client finds. */
export class Servers extends Services implements World {
  private rules = new Rules([]);
  private areConnectionsCut = false;
  private readonly environment: Record<string, string> = { HOME: "/nonexistent" };
  private readonly config: Record<string, string>;
  private front: Front | undefined;

  constructor(readonly schedule: Schedule) {
    const { casFlavor, confirmLogout, goneLogout, errorCodes, service, nodes, projects } = schedule;
    const services = service === "unregistered" ? ["https://other.example/"] : ("any" as const);
    const behavior = { casFlavor, confirmLogout, goneLogout, errorCodes, services };
    super({ ...behavior, nodes, projects, isBlind: isBlind(schedule), retryAfter: "0" });
    const [{ accessKey, secretKey, authToken, redisPassword, password }] = this.emulators;
    const byToken = schedule.access === "token";
    this.config = byToken
      ? { "huaweicloud-sessions:authToken": authToken }
      : { "huaweicloud-sessions:accessKey": accessKey, "huaweicloud-sessions:secretKey": secretKey };
    if (!byToken) this.environment.HW_AUTH_TOKEN = FOREIGN_TOKEN;
    this.secrets.add(accessKey, secretKey, authToken, redisPassword, password, FOREIGN_TOKEN);
  }

  async listen(): Promise<void> {
    this.front = await Front.open((request) => this.answer(request));
  }

  /** What the program's resource of this number is made of. */
  argumentsOf(unit: number): Arguments {
    const { places, schedule } = this;
    const [{ redisPassword, username, password }] = this.emulators;
    const service = schedule.service === "none" ? undefined : SERVICE;
    const url = this.front?.url ?? "";
    return {
      reopenWhenExpired: schedule.reopenWhenExpired,
      webCli: { endpoint: url, ...(places[unit % places.length] ?? places[0]), password: redisPassword },
      cas: { casUrl: `${url}/cas`, username, password, service },
    };
  }

  get units(): number {
    return this.schedule.units;
  }

  override open(): readonly string[] {
    const open = super.open();
    this.secrets.add(...open);
    return open;
  }

  isCalm(project: string): boolean {
    const isHonest = this.rules.rules.every(({ treatment }) => HARMLESS.has(treatment));
    return isHonest && !this.areConnectionsCut && !this.isDrained && this.hasCredentials(project);
  }

  canLogIn(project: string): boolean {
    if (this.schedule.kind !== "CasSession") return this.instanceExists(project);
    return this.schedule.service !== "unregistered" && this.isPasswordGood;
  }

  /** Whether the client can find credentials that work for a project and that no 401 has refused there. */
  private hasCredentials(project: string): boolean {
    if (this.schedule.kind === "CasSession") return true;
    const answered = this.sent.filter((exchange) => exchange.project === project && exchange.status === 401);
    const refused = new Set(answered.map(({ credential }) => credential));
    const [{ accessKey, authToken }] = this.emulators;
    const configured = Object.values(this.config);
    // To other keys than the first an instance that is gone may be another account's.
    const found = this.instanceExists(project) ? [...configured, this.environment.HW_ACCESS_KEY] : configured;
    const working = project === this.places[0].projectId ? [authToken, accessKey] : [accessKey];
    return working.some((one) => found.includes(one) && !refused.has(one));
  }

  newHost(): Host {
    this.process += 1;
    return new Host(TIMEOUTS, this.schedule.renews ? 5 : 600_000, (provider) => {
      const real = process.env;
      // A provider keeps the environment that it is configured with, and configure takes effect at once.
      process.env = this.environment;
      void provider.configure(configRequest(this.config));
      process.env = real;
    });
  }

  follow(rules: readonly Rule[]): void {
    this.rules = new Rules(rules);
  }

  protected choose(exchange: Exchange): Chosen | undefined {
    return this.rules.choose(exchange);
  }

  /** The services are honest again, and the client has credentials. */
  calmDown(): void {
    this.follow([]);
    this.drain(false);
    if (!this.places.every(({ projectId }) => this.hasCredentials(projectId))) this.renewKeys();
  }

  happen(event: Event | undefined): void {
    if (event === "sessions expire") this.expireSessions();
    if (event === "keys are rotated") this.renewKeys();
    if (event === "keys are rotated and not passed on") this.rotateKeys();

    if (event === "keys of another account are found") {
      this.rotateKeys();
      this.findKeys(this.makeForeignKeys());
    }
    if (event === "connections are cut") this.front?.cutConnections();
    if (event === "state is that of release 0.1.0") this.isInDoubt = true;
    if (event === "the instance is removed") this.removeInstance();
    this.drain(event === "a node is drained");
    this.areConnectionsCut = event === "connections are cut";
  }

  /** Ends a step: what it has under way comes to an end, and the client notices which connections are cut. */
  async finishStep(): Promise<void> {
    await this.front?.idle();
    // Two rounds of the event loop: in between, sockets are looked at.
    if (this.areConnectionsCut) for (let round = 0; round < 2; round++) await nextRound();
    this.areConnectionsCut = false;
  }

  async inTime<T>(verb: string, work: () => Promise<T>): Promise<T> {
    const timer = new AbortController();
    const late = wait(TOO_LATE, undefined, { signal: timer.signal }).then(
      () => assert.fail(`${verb} did not settle`),
      () => assert.ok(timer.signal.aborted),
    );
    const worked = work();
    await Promise.race([worked, late]).finally(() => timer.abort());
    return worked;
  }

  async close(): Promise<void> {
    await this.front?.close();
  }

  /** New keys reach the client by the environment: the stack's configuration stays that of the last up. */
  private renewKeys(): void {
    this.findKeys(this.rotateKeys());
  }

  private findKeys({ accessKey, secretKey }: { accessKey: string; secretKey: string }): void {
    Object.assign(this.environment, { HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey });
  }
}
