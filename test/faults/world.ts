import { randomBytes } from "node:crypto";
import type { Timeouts } from "../../provider/api/deadline";
import { configRequest, SERVICE } from "../support/lifecycles";
import { type Arguments, Host } from "./host";
import { type Keys, Services } from "./services";
import { isBlind, type Setting } from "./setting";

/** How time passes in a world. */
export interface Pace {
  timeouts: Timeouts;
  renewalInterval: number;
  /** What a `Retry-After` asks for, in seconds. */
  retryAfter: string;
  clock?: () => number;
}

/** The token of another cloud, which the client finds behind its keys, and which no server of a life may get. */
export const FOREIGN_TOKEN = `foreign-${randomBytes(18).toString("hex")}`;

const WRONG_KEY = "WRONGACCESSKEY";

/** The services of a life, what the client finds to be let in with, and what is known about both beside the client. */
export abstract class World extends Services {
  protected readonly environment: Record<string, string> = { HOME: "/nonexistent" };
  protected config: Record<string, string>;

  constructor(
    readonly setting: Setting,
    private readonly pace: Pace,
  ) {
    const services = setting.service === "unregistered" ? ["https://other.example/"] : ("any" as const);
    const { retryAfter, clock } = pace;
    super({ ...setting.behavior, services, clock }, { ...setting, retryAfter, isBlind: isBlind(setting) });
    const { accessKey, secretKey, authToken } = this.emulator;
    this.config = configOf({ accessKey, secretKey });
    if (setting.access === "token") this.config = { "huaweicloud-sessions:authToken": authToken };
    else this.environment.HW_AUTH_TOKEN = FOREIGN_TOKEN;
    if (setting.access === "wrong keys") {
      // The same access key with two secret keys.
      this.config = configOf({ accessKey: WRONG_KEY, secretKey });
      this.findKeys({ accessKey: WRONG_KEY, secretKey: "another" });
    }
  }

  protected abstract readonly url: string;
  /** Whether requests of one process may be under way at the same time. */
  abstract readonly mayOverlap: boolean;
  /** Nothing goes wrong at the moment, and the client has what it needs to be let in to a project. */
  abstract isCalm(project: string): boolean;
  /** The services are honest from now on, and the client has credentials. */
  abstract calmDown(): void;
  /** Fails where a verb takes longer than any person would wait. */
  abstract inTime<T>(verb: string, work: () => Promise<T>): Promise<T>;

  /** Whether the server can be asked if a session is alive. A session whose cookie rotates is not: its state would not be told. */
  get canTell(): boolean {
    return !isBlind(this.setting) && !this.setting.behavior.casCookieRotates;
  }

  /** Whether a login without faults works. */
  canLogIn(project: string): boolean {
    const { service } = this.setting;
    return this.instanceExists(project) && service !== "unregistered" && this.isPasswordGood;
  }

  /** What the program's resource of this number is made of. */
  argumentsOf(unit: number): Arguments {
    const { emulator, places, setting, url } = this;
    const { redisPassword, username, password } = emulator;
    const service = setting.service === "none" ? undefined : SERVICE;
    return {
      reopenWhenExpired: setting.reopenWhenExpired,
      webCli: { endpoint: url, ...(places[unit % places.length] ?? places[0]), password: redisPassword },
      cas: { casUrl: `${url}/cas`, username, password, service },
    };
  }

  /** Puts keys where the client finds them: the stack's configuration stays that of the last up. */
  protected findKeys({ accessKey, secretKey }: Keys): void {
    Object.assign(this.environment, { HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey });
  }

  /** The keys are rotated, and those that the client finds in their place belong to another account. */
  findForeignKeys(): void {
    this.rotateKeys();
    this.findKeys(this.makeForeignKeys());
  }

  /** A process begins, with what is in state or in the program. */
  newHost(keys: readonly string[] = []): Host {
    this.beginProcess(keys);
    const { timeouts, renewalInterval } = this.pace;
    return new Host(timeouts, this.setting.renews ? renewalInterval : 2 ** 30, (provider) => {
      const real = process.env;
      // A provider keeps the environment that it is configured with, and configure takes effect at once.
      process.env = this.environment;
      void provider.configure(configRequest(this.config));
      process.env = real;
    });
  }
}

export function configOf({ accessKey, secretKey }: Keys): Record<string, string> {
  return { "huaweicloud-sessions:accessKey": accessKey, "huaweicloud-sessions:secretKey": secretKey };
}
