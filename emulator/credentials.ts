import { randomBytes, randomUUID } from "node:crypto";

/** The IDs of what there is one of, and who may use it. What is secret says so. */
export interface Credentials {
  /** Access key (AK) of the account. @default 20 random capitals and digits */
  accessKey: string;
  /** Secret key (SK) of the account; secret. @default 40 random hex digits */
  secretKey: string;
  /** IAM token for X-Auth-Token; secret. @default random */
  authToken: string;
  /** Identity provider whose ID token IAM accepts. @default "emulator" */
  idpId: string;
  /** ID token that IAM accepts; secret. A JWT is refused after its `exp`. @default a JWT that is good for a year */
  idToken: string;
  /** The first project with an instance, 32 hex digits. @default random */
  projectId: string;
  /** The first DCS instance, a UUID in lower case. @default random */
  instanceId: string;
  /** Password of the DCS instance; secret. "" means password-free access. @default random */
  redisPassword: string;
  /** CAS user. @default "admin" */
  username: string;
  /** Password of the CAS user; secret. @default random */
  password: string;
}

export function randomCredentials(now: number): Credentials {
  return {
    accessKey: randomAccessKey(),
    secretKey: randomSecretKey(),
    authToken: randomToken(),
    idpId: "emulator",
    idToken: randomIdToken(now),
    projectId: randomId(),
    instanceId: randomUUID(),
    redisPassword: `Redis@${randomBytes(9).toString("base64url")}`,
    username: "admin",
    password: `Admin@${randomBytes(9).toString("base64url")}`,
  };
}

/** A believable access key: 20 capitals and digits. */
export function randomAccessKey(): string {
  return randomBytes(20).reduce(
    (key, byte) => key + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(byte % 32),
    "",
  );
}

/** A believable secret key: 40 letters and digits. */
export function randomSecretKey(): string {
  return randomBytes(20).toString("hex");
}

export function randomToken(): string {
  return `MII${randomBytes(96).toString("base64url")}`;
}

/** An ID as projects and domains have it. */
export function randomId(): string {
  return randomBytes(16).toString("hex");
}

/** Looks like the JWT of an identity provider; IAM compares it as a whole, so its signature is random. */
function randomIdToken(now: number): string {
  const issued = Math.floor(now / 1000);
  const expires = issued + 365 * 24 * 60 * 60;
  const claims = { iss: "https://idp.invalid", sub: "emulator", iat: issued, exp: expires };
  const parts = [{ alg: "RS256", typ: "JWT" }, claims].map((part) => Buffer.from(JSON.stringify(part)));
  return [...parts, randomBytes(256)].map((part) => part.toString("base64url")).join(".");
}
