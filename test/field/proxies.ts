import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, createServer as createRawServer, isIPv6 } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { Certificates } from "./certificates";
import { HOSTS, SERVER, SLOW, SOURCES } from "./network";
import { listening, portOf } from "./servers";

const WANTED = `Basic ${Buffer.from("us er:p@ss:wörd").toString("base64")}`;
/** The same in a URL. */
export const CREDENTIALS = "us%20er:p%40ss%3Aw%C3%B6rd";

const SERVERS = [...Object.values(SERVER), ...Object.values(SLOW)];

/** The ports of the proxies by name, and how to end them. */
export interface Proxies {
  ports: Record<string, number>;
  /** How often a proxy was asked that should have been refused before. */
  untrustedAsked(): number;
  leftOut: string[];
  close(): void;
}

export async function startProxies(folder: string, { servers }: Certificates): Promise<Proxies> {
  let asked = 0;
  const open = {
    http: createServer(),
    closed: createServer(),
    lines: createServer(),
    standard: createServer(),
  };
  tunnel(open.http, "HTTP/1.1 200 Connection established\r\n\r\n");
  tunnel(open.standard, "HTTP/1.1 200 Connection established\r\n\r\n");
  tunnel(open.lines, "HTTP/1.0 201 yes\nVia: field\n\n");
  tunnel(open.closed, "HTTP/1.1 200 OK\r\n\r\n", WANTED);
  const made: Record<string, Server> = { ...open };
  for (const [name, certificate] of Object.entries({
    tls: "all names",
    misnamed: "another name",
    untrusted: "self-signed",
  })) {
    const server = createTlsServer({ ...servers[certificate] });
    tunnel(server, "HTTP/1.1 200 OK\r\n\r\n");
    if (name !== "tls") server.on("connect", () => asked++);
    made[name] = server;
  }
  for (const status of [100, 302, 403, 404, 407, 500, 502]) {
    const server = createServer();
    server.on("connect", (_, client) => client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`));
    made[String(status)] = server;
  }
  const raw = { garbage: "SSH-2.0-OpenSSH\r\n\r\n", silentClose: "" };
  const ports: Record<string, number> = { refused: 1 };
  const closing: { close(): void }[] = [];
  for (const [name, text] of Object.entries(raw)) {
    const server = createRawServer((client) =>
      client.on("error", () => {}).once("data", () => client.end(text)),
    );
    closing.push(await listening(server, "::"));
    ports[name] = portOf(server);
  }
  for (const [name, server] of Object.entries(made)) {
    server.on("clientError", (_, socket) => socket.destroy());
    closing.push(await listening(server, "::", name === "standard" ? 80 : 0));
    ports[name] = portOf(server);
  }
  const leftOut: string[] = [];
  const children: ChildProcess[] = [];
  for (const [name, start] of Object.entries({ tinyproxy: startTinyproxy, squid: startSquid })) {
    if (spawnSync(name, ["-v"]).error) {
      leftOut.push(name);
      continue;
    }
    ports[name] = 3000 + children.length;
    children.push(start(folder, ports[name]));
    await reachable(ports[name]);
  }
  return {
    ports,
    untrustedAsked: () => asked,
    leftOut,
    close() {
      for (const server of closing) server.close();
      for (const child of children) child.kill("SIGKILL");
    },
  };
}

/** Lets a server open tunnels, to whoever has the credentials. */
function tunnel(server: Server, established: string, wanted?: string): void {
  server.on("connect", ({ url = "", headers }: IncomingMessage, client: Duplex) => {
    client.on("error", () => {});
    if (wanted && headers["proxy-authorization"] !== wanted) {
      client.end("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\n\r\n");
      return;
    }
    const { hostname, port } = new URL(`http://${url}`);
    const name = hostname.replace(/^\[|\]$|\.$/g, "");
    const host = HOSTS[name]?.find((address) => SERVERS.includes(address)) ?? name;
    const source = isIPv6(host) ? SOURCES.toy?.v6 : SOURCES.toy?.v4;
    const upstream = connect({ host, port: Number(port), localAddress: source }, () =>
      client.write(established),
    );
    upstream.on("error", () => client.destroy()).on("close", () => client.destroy());
    client.on("close", () => upstream.destroy());
    upstream.once("connect", () => client.pipe(upstream).pipe(client));
  });
}

function startTinyproxy(folder: string, port: number): ChildProcess {
  const file = join(folder, "tinyproxy.conf");
  const { v4 } = SOURCES.tinyproxy ?? {};
  writeFileSync(
    file,
    `Port ${port}\nListen ${SERVER.v4}\nBind ${v4}\nTimeout 20\nMaxClients 50\nLogLevel Critical\n`,
  );
  return spawn("tinyproxy", ["-d", "-c", file], { stdio: "ignore" });
}

function startSquid(folder: string, port: number): ChildProcess {
  const file = join(folder, "squid.conf");
  const { v4, v6 } = SOURCES.squid ?? {};
  writeFileSync(
    file,
    [
      `http_port ${SERVER.v4}:${port}`,
      "http_access allow all",
      "acl to_six dst ipv6",
      `tcp_outgoing_address ${v6} to_six`,
      `tcp_outgoing_address ${v4} !to_six`,
      "cache deny all",
      "access_log none",
      "cache_log /dev/null",
      "pid_filename none",
      "pinger_enable off",
      "visible_hostname field",
      "dns_nameservers 127.0.0.1",
      "dns_timeout 1 seconds",
      "connect_timeout 2 seconds",
      "shutdown_lifetime 0 seconds",
      "",
    ].join("\n"),
  );
  return spawn("squid", ["-N", "-f", file], { stdio: "ignore" });
}

async function reachable(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, SERVER.v4);
    const stands = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (stands) return;
    await wait(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}
