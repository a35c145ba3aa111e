import type { CasFlavor } from "./cas/flavors";
import { type Credentials, completeCredentials, randomId } from "./credentials";

/** How to start an emulator. Everything has a default; credentials are random. What is secret says so. */
export interface EmulatorOptions extends Partial<Credentials> {
  /** TCP port on 127.0.0.1; 0 takes a free one. @default 0 */
  port?: number;
  /** Serve HTTPS with a fresh self-signed certificate. @default false */
  tls?: boolean;
  /**
   * `mrs`: MRS Manager (Jasig CAS 4.0); `jasig`: Jasig CAS 3.5, which without a service shows "Log In Successful" to
   * any cookie, dead ones included, and answers a logout with a JSON body with 500; `apereo`: Apereo CAS 6.6.
   * @default "mrs"
   */
  casFlavor?: CasFlavor;
  /** Name of the ticket-granting cookie, as Apereo's `cas.tgc.name`. @default TGC for Apereo, else CASTGC */
  casCookieName?: string;
  /** Idle timeout of both kinds of session in seconds; may have a fraction. @default 300 for Web CLI, 1200 for CAS */
  idleSeconds?: number;
  /** `redis://[user:password@]host:port`: run commands there. It may hold a secret. @default a small built-in Redis */
  redis?: string;
  /** CAS asks to confirm a logout before it ends the session. @default false */
  confirmLogout?: boolean;
  /** HTTP status of a Web CLI logout for a client id that has ended or never existed; undocumented, so both can be had. @default 400 */
  goneLogout?: 204 | 400;
  /** Services registered with CAS, each exactly as clients send it. @default "any" */
  services?: "any" | readonly string[];
  /** The CAS user must change the password first, and can't log in. @default false */
  mustChangePassword?: boolean;
  /** Spelling of DCS error codes: `numeric` is 111400063, `dcs` is DCS.4063. @default "numeric" */
  errorCodes?: "numeric" | "dcs";
  /** Region of the project, and so the name of the project. @default "eu-de" */
  region?: string;
  /** How many projects IAM lists for the region; the first is `projectId`. @default 1 */
  projects?: number;
  /** Whether the cloud server of the metadata service has an agency, and so temporary keys. @default true */
  agency?: boolean;
  /** Whether the metadata service wants a token: `none` has no tokens and answers 404. @default "optional" */
  metadataTokens?: "optional" | "required" | "none";
  /** Lifetime of temporary keys in seconds. @default an hour from the metadata service, as requested from IAM */
  temporaryKeySeconds?: number;
  /** Security token that a request signed with `accessKey` must carry; secret. @default none required */
  securityToken?: string;
  /** How many requests `requests()` remembers, the newest. @default 10000 */
  history?: number;
  /** The clock, in milliseconds since the epoch. @default Date.now */
  clock?: () => number;
}

/** Allows no option that there isn't: TypeScript looks for those only in what is written in place. */
export type KnownOptions<Options> = { [Unknown in Exclude<keyof Options, keyof EmulatorOptions>]: never };

/** An option that the emulator can't start with; the message is a sentence for the user. */
export class BadOption extends Error {}

type Optional = "casCookieName" | "securityToken";
type Converted = "idleSeconds" | "redis" | "projects" | "temporaryKeySeconds";

export type Settings = Readonly<
  Required<Omit<EmulatorOptions, Optional | Converted>> & Pick<EmulatorOptions, Optional>
> & {
  readonly webCliIdleMs: number;
  readonly casIdleMs: number;
  readonly redis: URL | undefined;
  readonly projectIds: readonly string[];
  readonly domainId: string;
  readonly temporaryKeysMs: number | undefined;
};

/** Checks the options and fills in the defaults. */
export function resolveOptions(options: EmulatorOptions): Settings {
  checkOptions(options);
  const { idleSeconds, temporaryKeySeconds, projects = 1, clock = Date.now } = options;
  const credentials = completeCredentials(options, clock());
  return {
    ...credentials,
    securityToken: options.securityToken,
    port: options.port ?? 0,
    tls: options.tls ?? false,
    casFlavor: options.casFlavor ?? "mrs",
    casCookieName: options.casCookieName,
    webCliIdleMs: (idleSeconds ?? 300) * 1000,
    casIdleMs: (idleSeconds ?? 1200) * 1000,
    redis: options.redis === undefined ? undefined : new URL(options.redis),
    confirmLogout: options.confirmLogout ?? false,
    goneLogout: options.goneLogout ?? 400,
    services: options.services ?? "any",
    mustChangePassword: options.mustChangePassword ?? false,
    errorCodes: options.errorCodes ?? "numeric",
    region: options.region ?? "eu-de",
    projectIds: [credentials.projectId, ...Array.from({ length: projects }, randomId)].slice(0, projects),
    domainId: randomId(),
    agency: options.agency ?? true,
    metadataTokens: options.metadataTokens ?? "optional",
    temporaryKeysMs: temporaryKeySeconds === undefined ? undefined : temporaryKeySeconds * 1000,
    history: options.history ?? 10_000,
    clock,
  };
}

function checkOptions(options: EmulatorOptions): void {
  const { port = 0, idleSeconds = 1, temporaryKeySeconds = 1, projects = 1, redis } = options;
  const { projectId, instanceId, casCookieName, casFlavor = "mrs" } = options;
  check(isCount(port) && port <= 65_535, "port must be a whole number from 0 to 65535.");
  check(isTime(idleSeconds), "idleSeconds must be a number greater than 0.");
  check(isTime(temporaryKeySeconds), "temporaryKeySeconds must be a number greater than 0.");
  check(isCount(projects), "projects must be a whole number.");
  check(["mrs", "jasig", "apereo"].includes(casFlavor), "casFlavor must be mrs, jasig or apereo.");
  check(redis === undefined || isRedisUrl(redis), "redis must be a URL such as redis://127.0.0.1:6379.");
  check(projectId === undefined || /^[0-9a-f]{32}$/.test(projectId), "projectId must be 32 hex digits.");
  check(
    instanceId === undefined || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(instanceId),
    "instanceId must be a UUID in lower case.",
  );
  check(
    casCookieName === undefined || /^[\w-]+$/.test(casCookieName),
    "casCookieName must consist of letters, digits, - and _.",
  );
}

function check(ok: boolean, sentence: string): void {
  if (!ok) throw new BadOption(sentence);
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

function isTime(seconds: number): boolean {
  return Number.isFinite(seconds) && seconds > 0;
}

function isRedisUrl(text: string): boolean {
  return URL.canParse(text) && /^redis:\/\/[^/]/.test(text);
}
