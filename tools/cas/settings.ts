import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Keystore } from "./keystore";

/** The only user. */
export const USER = { username: "casuser", password: "Mellon" };

/** The only host whose applications may use the CAS. */
export const SERVICE_HOST = "manager.example";

export interface CasOptions {
  /** The CAS asks to confirm a log-out before it ends the session. @default false */
  confirmLogout?: boolean;
}

interface Place {
  home: string;
  port: number;
  keystore: Keystore;
}

/** The requests that the server has answered, a line each: method, path and status. */
export function accessLog(home: string): string {
  return join(home, "access.log");
}

/** The arguments by which CAS is told all that it needs: it reads no settings of this machine. */
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
    "cas.authn.accept.users": `${USER.username}::${USER.password}`,
    "cas.service-registry.json.location": `file:${await writeRegistry(home)}`,
    // The web application has no registry of files; it reads them once into the one in its memory.
    "cas.service-registry.core.init-from-json": "true",
    "cas.logout.confirm-logout": String(options.confirmLogout ?? false),
  };
  return Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
}

async function writeRegistry(home: string): Promise<string> {
  const directory = join(home, "services");
  await mkdir(directory);
  const service = {
    "@class": "org.apereo.cas.services.RegexRegisteredService",
    serviceId: `^https://${SERVICE_HOST.replaceAll(".", "\\.")}(:\\d+)?/.*`,
    name: "Manager",
    id: 1,
  };
  // CAS wants the file's name to be made of the service's name and id.
  await writeFile(join(directory, "Manager-1.json"), JSON.stringify(service));
  return directory;
}
