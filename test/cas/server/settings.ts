import { X509Certificate } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../../tools/engine/run";

/** The user of the tests. */
export const USER = { username: "casuser", password: "Mellon" };

/** A user who is warned at each login where the server warns; the password is the other's. */
export const WARNED_USER = "expiring";

/** The host whose applications may use the CAS. */
export const SERVICE_HOST = "manager.example";

/** The host of a service without single sign-on. */
export const NO_SSO_HOST = "no-sso.example";

/** The host of a service that wants an attribute which no user has. */
export const ADMINS_HOST = "admins.example";

export interface CasOptions {
  /** The CAS asks to confirm a logout before it ends the session. @default false */
  confirmLogout?: boolean;
  /** The CAS ends a session that has not been used for this long. @default 7200 */
  idleSeconds?: number;
  /** The ticket-granting cookie's name; its value is encrypted in any case. @default "TGC" */
  cookieName?: string;
  /** The CAS warns one user that the password expires soon. @default false */
  warns?: boolean;
}

interface Place {
  home: string;
  port: number;
  keystore: Keystore;
}

/** Where the server logs each request that it has answered: method, path and status. */
export function accessLog(home: string): string {
  return join(home, "access.log");
}

/** All settings of CAS, as arguments, so that it reads none of this machine. */
export async function casArguments({ home, port, keystore }: Place, options: CasOptions): Promise<string[]> {
  const settings: Record<string, string> = {
    "server.address": "127.0.0.1",
    "server.port": String(port),
    "server.ssl.key-store": `file:${keystore.path}`,
    "server.ssl.key-store-password": keystore.password,
    "server.ssl.key-password": keystore.password,
    "server.tomcat.basedir": home,
    "server.tomcat.accesslog.enabled": "true",
    "server.tomcat.accesslog.directory": home,
    "server.tomcat.accesslog.prefix": "access",
    "server.tomcat.accesslog.suffix": ".log",
    "server.tomcat.accesslog.rotate": "false",
    "server.tomcat.accesslog.buffered": "false",
    "server.tomcat.accesslog.pattern": "%m %U %s",
    "cas.server.name": `https://127.0.0.1:${port}`,
    "cas.standalone.configuration-directory": home,
    "cas.authn.accept.users": `${USER.username}::${USER.password},${WARNED_USER}::${USER.password}`,
    "cas.service-registry.json.location": `file:${await writeRegistry(home)}`,
    // The web application has no registry of files; it reads them once into the one in its memory.
    "cas.service-registry.core.init-from-json": "true",
    "cas.logout.confirm-logout": String(options.confirmLogout ?? false),
    "cas.ticket.tgt.primary.time-to-kill-in-seconds": String(options.idleSeconds ?? 7_200),
  };
  if (options.cookieName !== undefined) settings["cas.tgc.name"] = options.cookieName;
  if (options.warns) Object.assign(settings, await warnings(home));
  return Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
}

const SERVICES: readonly { name: string; host: string; accessStrategy?: object }[] = [
  { name: "Manager", host: SERVICE_HOST },
  { name: "NoSso", host: NO_SSO_HOST, accessStrategy: { ssoEnabled: false } },
  {
    name: "Admins",
    host: ADMINS_HOST,
    accessStrategy: {
      requiredAttributes: { "@class": "java.util.HashMap", memberOf: ["java.util.HashSet", ["admins"]] },
    },
  },
];

async function writeRegistry(home: string): Promise<string> {
  const directory = join(home, "services");
  await mkdir(directory);
  for (const [index, { name, host, accessStrategy }] of SERVICES.entries()) {
    const id = index + 1;
    const service = {
      "@class": "org.apereo.cas.services.RegexRegisteredService",
      serviceId: `^https://${host.replaceAll(".", "\\.")}(:\\d+)?/.*`,
      ...{ name, id },
      accessStrategy: {
        "@class": "org.apereo.cas.services.DefaultRegisteredServiceAccessStrategy",
        ...accessStrategy,
      },
    };
    // CAS wants the file's name to be made of the service's name and id.
    await writeFile(join(directory, `${name}-${id}.json`), JSON.stringify(service));
  }
  return directory;
}

/** https://apereo.github.io/cas/6.6.x/password_management/Password-Policy-Enforcement.html */
async function warnings(home: string): Promise<Record<string, string>> {
  const path = join(home, "warnings.groovy");
  const warning = `new org.apereo.cas.DefaultMessageDescriptor("password.expiration.warning", "3 days", ["3"] as Serializable[])`;
  await writeFile(path, `def run(Object[] args) { args[0].id == "${WARNED_USER}" ? [${warning}] : [] }\n`);
  return {
    "cas.authn.accept.password-policy.strategy": "GROOVY",
    "cas.authn.accept.password-policy.groovy.location": `file:${path}`,
  };
}

/** A server's key, in a file for Java, and its certificate. */
export interface Keystore {
  path: string;
  password: string;
  /** PEM. */
  certificate: string;
  /** SHA-256. */
  fingerprint: string;
}

// The key is made for one run, in a folder that only its user can read.
const KEYSTORE_PASSWORD = "changeit";

/** Makes a key with a self-signed certificate for the loopback names. */
export async function makeKeystore(directory: string): Promise<Keystore> {
  const path = join(directory, "keystore.p12");
  const pem = join(directory, "certificate.pem");
  const store = ["-alias", "cas", "-keystore", path, "-storepass", KEYSTORE_PASSWORD];
  const key = ["-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2", "-storetype", "PKCS12"];
  const names = ["-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1,dns:localhost"];
  await run("keytool", ["-genkeypair", ...store, ...key, ...names]);
  await run("keytool", ["-exportcert", "-rfc", ...store, "-file", pem]);
  const certificate = await readFile(pem, "utf8");
  const fingerprint = new X509Certificate(certificate).fingerprint256;
  return { path, password: KEYSTORE_PASSWORD, certificate, fingerprint };
}
