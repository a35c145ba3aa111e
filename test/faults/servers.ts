import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setImmediate as nextRound, setTimeout as wait } from "node:timers/promises";
import { type Emulator, startEmulator } from "../../emulator";
import type { Timeouts } from "../../provider/api/deadline";
import { configRequest, SERVICE } from "../support/lifecycles";
import type { Exchange } from "./exchange";
import { Front, type Rule } from "./front";
import { type Arguments, Host } from "./program";
import type { World } from "./resource";
import { type Event, isBlind, type Schedule } from "./schedule";
import { Secrets } from "./secrets";
import { HARMLESS } from "./treatments";

/** Long enough that a busy machine times nothing out by itself, short enough for thousands of lives. */
const TIMEOUTS: Timeouts = {
  requestTimeout: 2_000,
  idleTimeout: 1_500,
  probeTimeout: 2_000,
  operationTimeout: 5_000,
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

/** The emulators of a life, what stands in front of them, and the credentials that the client finds. */
export class Servers implements World {
  readonly secrets = new Secrets();
  instanceExists = true;
  private rules: readonly Rule[] = [];
  private areConnectionsCut = false;
  private readonly environment: Record<string, string> = { HOME: "/nonexistent" };
  private readonly config: Record<string, string>;
  /** The first credentials that the client has, as a server sees them. */
  private readonly first: string;

  private constructor(
    readonly schedule: Schedule,
    private readonly emulators: readonly [Emulator, ...Emulator[]],
    private readonly front: Front,
  ) {
    const [{ accessKey, secretKey, authToken, redisPassword, password }] = emulators;
    const byToken = schedule.access === "token";
    this.first = byToken ? authToken : accessKey;
    this.config = byToken
      ? { "huaweicloud-sessions:authToken": authToken }
      : { "huaweicloud-sessions:accessKey": accessKey, "huaweicloud-sessions:secretKey": secretKey };
    if (!byToken) this.environment.HW_AUTH_TOKEN = FOREIGN_TOKEN;
    this.secrets.add(accessKey, secretKey, authToken, redisPassword, password, FOREIGN_TOKEN);
  }

  static async open(schedule: Schedule): Promise<Servers> {
    const { casFlavor, confirmLogout, goneLogout, errorCodes, service } = schedule;
    const services = service === "unregistered" ? ["https://other.example/"] : ("any" as const);
    const options = { casFlavor, confirmLogout, goneLogout, errorCodes, services };
    const first = await startEmulator(options);
    const { username, password } = first;
    const others = schedule.nodes === 2 ? [await startEmulator({ ...options, username, password })] : [];
    return new Servers(schedule, [first, ...others], await Front.open([first, ...others], isBlind(schedule)));
  }

  get args(): Arguments {
    const [{ projectId, instanceId, redisPassword, username, password }] = this.emulators;
    const service = this.schedule.service === "none" ? undefined : SERVICE;
    return {
      reopenWhenExpired: this.schedule.reopenWhenExpired,
      webCli: { endpoint: this.front.url, projectId, instanceId, password: redisPassword },
      cas: { casUrl: `${this.front.url}/cas`, username, password, service },
    };
  }

  get exchanges(): readonly Exchange[] {
    return this.front.exchanges;
  }

  get units(): number {
    return this.schedule.units;
  }

  open(): readonly string[] {
    const open = this.emulators.flatMap((emulator) => {
      const { webCli, cas } = emulator.sessions();
      return [...webCli.open, ...cas.open];
    });
    this.secrets.add(...open);
    return open;
  }

  get isCalm(): boolean {
    return (
      this.rules.every(({ treatment }) => HARMLESS.has(treatment)) &&
      !this.areConnectionsCut &&
      this.hasCredentials
    );
  }

  get canLogIn(): boolean {
    if (this.schedule.kind !== "CasSession") return this.instanceExists;
    return this.schedule.service !== "unregistered" && !this.exchanges.some(({ rejected }) => rejected);
  }

  get canTell(): boolean {
    return !isBlind(this.schedule);
  }

  /** Whether the client can find credentials that work and that no 401 has refused. */
  private get hasCredentials(): boolean {
    if (this.schedule.kind === "CasSession") return true;
    const refused = new Set(
      this.exchanges.flatMap(({ status, credential }) => (status === 401 ? [credential] : [])),
    );
    const [{ accessKey, authToken }] = this.emulators;
    const found = [this.first, this.environment.HW_ACCESS_KEY];
    return [authToken, accessKey].some((one) => found.includes(one) && !refused.has(one));
  }

  newHost(): Host {
    return new Host(TIMEOUTS, this.schedule.renews ? 5 : 600_000, (provider) => {
      const real = process.env;
      // A provider keeps the environment that it is configured with, and configure takes effect at once.
      process.env = this.environment;
      void provider.configure(configRequest(this.config));
      process.env = real;
    });
  }

  follow(rules: readonly Rule[]): void {
    this.rules = rules;
    this.front.follow(rules);
  }

  /** The front is honest again, and the client has credentials. */
  calmDown(): void {
    this.follow([]);
    if (!this.hasCredentials) this.renewKeys();
  }

  happen(event: Event | undefined): void {
    if (event === "sessions expire") for (const emulator of this.emulators) emulator.expireSessions();
    if (event === "keys are rotated") this.renewKeys();
    if (event === "keys are rotated and not passed on") this.rotateKeys();
    if (event === "connections are cut") this.front.cutConnections();
    if (event === "state is that of release 0.1.0") this.front.isInDoubt = true;
    this.areConnectionsCut = event === "connections are cut";
    if (event !== "the instance is removed") return;
    this.emulators[0].removeInstance();
    this.instanceExists = false;
  }

  /** Ends a step: what it has under way comes to an end, and the client notices which connections are cut. */
  async finishStep(): Promise<void> {
    await this.front.idle();
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
    await this.front.close();
    for (const emulator of this.emulators) await emulator.close();
  }

  /** New keys reach the client by the environment: the stack's configuration stays that of the last up. */
  private renewKeys(): void {
    const { accessKey, secretKey } = this.rotateKeys();
    Object.assign(this.environment, { HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey });
  }

  private rotateKeys(): { accessKey: string; secretKey: string } {
    const keys = this.emulators[0].rotateKeys();
    this.secrets.add(keys.accessKey, keys.secretKey);
    return keys;
  }
}
