import { randomBytes, randomUUID } from "node:crypto";

/** How to start an emulator. Everything has a default; credentials are random. Secret is what says so. */
export interface EmulatorOptions {
  /** TCP port on 127.0.0.1; 0 takes a free one. @default 0 */
  port?: number;
  /** Serve HTTPS with a fresh self-signed certificate. @default false */
  tls?: boolean;
  /** `mrs`: MRS Manager (Jasig CAS 4.0); `apereo`: Apereo CAS 6.6. @default "mrs" */
  casFlavor?: "mrs" | "apereo";
  /** Idle time-out of both kinds of session, in seconds; fractions are taken. @default 300 for Web CLI, 1200 for CAS */
  idleSeconds?: number;
  /** `redis://[user:password@]host:port`: run commands there. It may hold a secret. @default a small Redis inside */
  redis?: string;
  /** CAS asks to confirm a log-out before it ends the session. @default false */
  confirmLogout?: boolean;
  /** The HTTP status that Web CLI log-out answers for a client id that has ended or never was: undocumented, so both can be had. @default 400 */
  goneLogout?: 204 | 400;
  /** Services registered with CAS, each exactly as clients send it. @default "any" */
  services?: "any" | readonly string[];
  /** Behave as Jasig 3.5: without a service, a dead cookie gets "Log In Successful", and a JSON body on log-out a 500. Flavour `mrs` only. @default false */
  probeWithoutServiceLies?: boolean;
  /** The CAS user must change the password first, and can't log in. @default false */
  mustChangePassword?: boolean;
  /** Spelling of DCS error codes: `numeric` is 111400063, `dcs` is DCS.4063. @default "numeric" */
  errorCodes?: "numeric" | "dcs";
  /** AK of the only account. @default 20 random capitals and digits */
  accessKey?: string;
  /** SK of the only account; secret. @default 40 random hex digits */
  secretKey?: string;
  /** Temporary-key token that a signed request must carry; secret. @default none asked for, any taken */
  securityToken?: string;
  /** IAM token accepted in X-Auth-Token; secret. @default random */
  authToken?: string;
  /** The only project, 32 hex digits. @default random */
  projectId?: string;
  /** The only DCS instance, a UUID in lower case. @default random */
  instanceId?: string;
  /** Password of the DCS instance; secret. "" means password-free access. @default random */
  redisPassword?: string;
  /** CAS user. @default "admin" */
  username?: string;
  /** Password of the CAS user; secret. @default random */
  password?: string;
  /** How many requests `requests()` remembers, the newest. @default 10000 */
  history?: number;
  /** The clock, in milliseconds since the epoch. @default Date.now */
  clock?: () => number;
}

/** An option that the emulator can't start with; the message is a sentence for the user. */
export class BadOption extends Error {}

export type Settings = Required<Omit<EmulatorOptions, "idleSeconds" | "redis" | "securityToken">> & {
  readonly webCliIdleMs: number;
  readonly casIdleMs: number;
  readonly redis: URL | undefined;
  readonly securityToken: string | undefined;
};

/** A believable access key: 20 capitals and digits. */
export function randomAccessKey(): string {
  return randomBytes(20)
    .reduce((text, byte) => text + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(byte % 32), "")
    .slice(0, 20);
}

/** A believable secret key: 40 letters and digits. */
export function randomSecretKey(): string {
  return randomBytes(20).toString("hex");
}

function check(ok: boolean, sentence: string): void {
  if (!ok) {
    throw new BadOption(sentence);
  }
}

function parseRedis(text: string | undefined): URL | undefined {
  if (text === undefined) {
    return undefined;
  }
  const sentence = "redis must be a URL such as redis://127.0.0.1:6379.";
  check(URL.canParse(text), sentence);
  const url = new URL(text);
  check(url.protocol === "redis:" && url.hostname !== "", sentence);
  return url;
}

function checkNumbers(port: number, idleSeconds: number | undefined): void {
  check(
    Number.isInteger(port) && port >= 0 && port <= 65_535,
    "port must be a whole number from 0 to 65535.",
  );
  const isTime = idleSeconds === undefined || (Number.isFinite(idleSeconds) && idleSeconds > 0);
  check(isTime, "idleSeconds must be a number above 0.");
}

function checkIdentity({ projectId, instanceId }: EmulatorOptions): void {
  check(projectId === undefined || /^[0-9a-f]{32}$/.test(projectId), "projectId must be 32 hex digits.");
  check(instanceId === undefined || /^[0-9a-f-]{36}$/.test(instanceId), "instanceId must be a UUID.");
}

function withCredentials(options: EmulatorOptions) {
  return {
    accessKey: options.accessKey ?? randomAccessKey(),
    secretKey: options.secretKey ?? randomSecretKey(),
    securityToken: options.securityToken,
    authToken: options.authToken ?? `MII${randomBytes(96).toString("base64url")}`,
    projectId: options.projectId ?? randomBytes(16).toString("hex"),
    instanceId: options.instanceId ?? randomUUID(),
    redisPassword: options.redisPassword ?? `Redis@${randomBytes(9).toString("base64url")}`,
    username: options.username ?? "admin",
    password: options.password ?? `Admin@${randomBytes(9).toString("base64url")}`,
  };
}

/** Checks the options and fills the defaults. */
export function resolveOptions(options: EmulatorOptions): Settings {
  const { port = 0, idleSeconds, casFlavor = "mrs" } = options;
  checkNumbers(port, idleSeconds);
  checkIdentity(options);
  check(casFlavor === "mrs" || casFlavor === "apereo", "casFlavor must be mrs or apereo.");
  return {
    ...withCredentials(options),
    port,
    casFlavor,
    tls: options.tls ?? false,
    webCliIdleMs: (idleSeconds ?? 300) * 1000,
    casIdleMs: (idleSeconds ?? 1200) * 1000,
    redis: parseRedis(options.redis),
    confirmLogout: options.confirmLogout ?? false,
    goneLogout: options.goneLogout ?? 400,
    services: options.services ?? "any",
    probeWithoutServiceLies: options.probeWithoutServiceLies ?? false,
    mustChangePassword: options.mustChangePassword ?? false,
    errorCodes: options.errorCodes ?? "numeric",
    history: options.history ?? 10_000,
    clock: options.clock ?? Date.now,
  };
}
