import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";

type Listener = (request: http.IncomingMessage, response: http.ServerResponse) => unknown;

/** A server of the test's own, for what no emulator should do. Closed after the test by `closeServers`. */
export async function serve(listener: Listener): Promise<{ url: string; requests: () => string[] }> {
  const seen: string[] = [];
  const server = http.createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    void listener(request, response);
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, requests: () => seen };
}

/** A proxy that tunnels by CONNECT, and counts for whom; or one that refuses with a status line. */
export async function serveProxy(refusal?: string): Promise<{ url: string; tunnels: () => string[] }> {
  const seen: string[] = [];
  const server = http.createServer();
  server.on("connect", (request, client) => {
    seen.push(request.url ?? "");
    if (refusal) {
      client.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const upstream = net.connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      client.pipe(upstream).pipe(client);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on("error", () => other.destroy());
    }
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, tunnels: () => seen };
}

/** A server that speaks what the test makes it speak. */
export async function listenRaw(connected: (socket: net.Socket) => void): Promise<{ url: string }> {
  const server = net.createServer((socket) => {
    // The client may break off at any time.
    socket.on("error", () => {});
    connected(socket);
  });
  return { url: `http://127.0.0.1:${await listen(server)}` };
}

const running: net.Server[] = [];
const sockets = new Set<net.Socket>();

/** Listens on a free port of 127.0.0.1. */
export async function listen(server: net.Server): Promise<number> {
  running.push(server);
  // Tunnels are no longer the server's own, and it does not close them.
  server.on("connection", (socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address: AddressInfo | string | null = server.address();
  if (typeof address !== "object" || !address) throw new Error("a server on a port has an address");
  return address.port;
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  const port = await listen(server);
  running.splice(running.indexOf(server), 1);
  server.close();
  await once(server, "close");
  return port;
}

export async function closeServers(): Promise<void> {
  for (const server of running.splice(0)) {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await closed;
  }
}
