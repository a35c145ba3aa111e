import assert from "node:assert/strict";
import { setImmediate as nextRound, setTimeout as wait } from "node:timers/promises";
import type { Timeouts } from "../../provider/api/deadline";
import type { Exchange } from "./exchange";
import { Front } from "./front";
import { type Rule, Rules } from "./rules";
import type { Event, Schedule } from "./schedule";
import type { Chosen } from "./services";
import { HARMLESS } from "./treatments";
import { FOREIGN_TOKEN, World } from "./world";

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

/** The services of a life over HTTP. */
export class Servers extends World {
  private rules = new Rules([]);
  private areConnectionsCut = false;
  private front: Front | undefined;

  constructor(schedule: Schedule) {
    super(schedule, { timeouts: TIMEOUTS, renewalInterval: 5, retryAfter: "0" });
    const { accessKey, secretKey, authToken, redisPassword, password } = this.emulator;
    this.secrets.add(accessKey, secretKey, authToken, redisPassword, password, FOREIGN_TOKEN);
  }

  async listen(): Promise<void> {
    this.front = await Front.open((request) => this.answer(request));
  }

  protected get url(): string {
    return this.front?.url ?? "";
  }

  get mayOverlap(): boolean {
    return this.setting.units > 1 || this.setting.renews;
  }

  override keys(): readonly string[] {
    const keys = super.keys();
    this.secrets.add(...keys);
    return keys;
  }

  isCalm(project: string): boolean {
    const isHonest = this.rules.rules.every(({ treatment }) => HARMLESS.has(treatment));
    return isHonest && !this.areConnectionsCut && !this.isDrained && this.hasCredentials(project);
  }

  /** Whether the client can find credentials that work for a project, and may still send them there. */
  private hasCredentials(project: string): boolean {
    if (this.setting.kind === "CasSession") return true;
    const failed = this.sent.filter(({ status }) => status === 401);
    // After two failures, a key rests wherever it has not proved good.
    const isRefused = (key: string) => {
      const failures = failed.filter(({ credential }) => credential === key);
      return failures.length >= 2 || failures.some((failure) => failure.project === project);
    };
    const { accessKey, authToken } = this.emulator;
    const configured = Object.values(this.config);
    // To other keys than the first an instance that is gone may be another account's.
    const found = this.instanceExists(project) ? [...configured, this.environment.HW_ACCESS_KEY] : configured;
    const working = project === this.places[0].projectId ? [authToken, accessKey] : [accessKey];
    return working.some((one) => found.includes(one) && !isRefused(one));
  }

  follow(rules: readonly Rule[]): void {
    this.rules = new Rules(rules);
  }

  protected choose(exchange: Exchange): Chosen | undefined {
    return this.rules.choose(exchange);
  }

  calmDown(): void {
    this.follow([]);
    this.drain(false);
    if (!this.places.every(({ projectId }) => this.hasCredentials(projectId))) this.renewKeys();
  }

  happen(event: Event | undefined): void {
    if (event === "sessions expire") this.expireSessions();
    if (event === "keys are rotated") this.renewKeys();
    if (event === "keys are rotated and not passed on") this.rotateKeys();
    if (event === "keys of another account are found") this.findForeignKeys();
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

  private renewKeys(): void {
    this.findKeys(this.rotateKeys());
  }
}
