import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import type { Certificates } from "./certificates";
import { SOURCES } from "./network";

/** What reached a server: from which cell, by which way. */
export interface Arrival {
  path: string;
  way: string;
}

const WEAK_TOO = { ciphers: "DEFAULT@SECLEVEL=0" };

/** What a server demands of TLS. */
export const TLS: Record<string, TlsOptions> = {
  "any TLS": {},
  "TLS 1.0": { ...WEAK_TOO, minVersion: "TLSv1", maxVersion: "TLSv1" },
  "TLS 1.1": { ...WEAK_TOO, minVersion: "TLSv1.1", maxVersion: "TLSv1.1" },
  "TLS 1.2": { maxVersion: "TLSv1.2" },
  "TLS 1.3": { minVersion: "TLSv1.3" },
  "a cipher for other keys": { maxVersion: "TLSv1.2", ciphers: "ECDHE-RSA-AES128-GCM-SHA256" },
  "client certificate wanted": { requestCert: true, rejectUnauthorized: false },
  "client certificate required, TLS 1.2": { requestCert: true, maxVersion: "TLSv1.2" },
  "client certificate required, TLS 1.3": { requestCert: true, minVersion: "TLSv1.3" },
  "its name (SNI)": {},
};

/** What is done with a connection, in TLS and below it. */
type Act = (socket: Socket, raw: Socket | undefined) => unknown;

const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const LAST_ANSWER = ANSWER.replace("Content", "Connection: close\r\nContent");
const after =
  (ms: number, act: Act): Act =>
  (...sockets) =>
    setTimeout(act, ms, ...sockets);
const end = (socket: Socket) => socket.end();
const reset = (socket: Socket, raw: Socket | undefined) => (raw ?? socket).resetAndDestroy();

/** What a server does with a connection, by its name: before an answer, and after it. */
export const CONNECTIONS: Record<string, { answer?: string; before?: boolean; next?: Act }> = {
  "kept open": {},
  "announced close": { answer: LAST_ANSWER, next: end },
  "announced close that does not come": { answer: LAST_ANSWER },
  "close at once": { next: end },
  "close after 1 ms": { next: after(1, end) },
  "close after 10 ms": { next: after(10, end) },
  "close after 50 ms": { next: after(50, end) },
  "reset after 10 ms": { next: after(10, reset) },
  "close in place of an answer": { before: true, next: end },
  "reset in place of an answer": { before: true, next: reset },
  "an answer until the end": { answer: "HTTP/1.1 200 OK\r\n\r\nok", next: end },
  "half an answer": { answer: ANSWER.slice(0, -1), next: end },
  "half a header": { answer: "HTTP/1.1 200", next: end },
  "lines with a bare line feed": { answer: ANSWER.replaceAll("\r\n", "\n") },
  "an answer of HTTP/1.0": { answer: "HTTP/1.0 200 OK\r\n\r\nok", next: end },
  "no HTTP": { answer: "SSH-2.0-OpenSSH\r\n", next: end },
};

/** The servers of the field, each made when it is first asked for. */
export class Servers {
  readonly arrivals: Arrival[] = [];
  private readonly running = new Map<string, Promise<Server>>();

  constructor(private readonly certificates: Certificates) {}

  async port(certificate: string, tls: string, connection: string): Promise<number> {
    const key = [certificate, tls, connection].join("|");
    const started = this.running.get(key) ?? this.start(certificate, tls, connection);
    this.running.set(key, started);
    return portOf(await started);
  }

  async close(): Promise<void> {
    for (const server of await Promise.all(this.running.values())) server.close();
  }

  private async start(certificate: string, tls: string, connection: string): Promise<Server> {
    const { key, cert } = this.certificates.servers[certificate] ?? {};
    const { other } = this.certificates.authorities;
    const { answer = ANSWER, before = false, next } = CONNECTIONS[connection] ?? {};
    const options: TlsOptions = { ...WEAK_TOO, key, cert, ca: other, ...TLS[tls] };
    if (tls === "its name (SNI)") options.SNICallback = refuseOthers;
    const below = new Map<number | undefined, Socket>();
    const server = createServer(options, (socket) => {
      socket.on("error", () => {});
      socket.on("data", (bytes) => {
        const [, path = ""] = bytes.toString().split(" ");
        this.arrivals.push({ path, way: wayOf(socket.remoteAddress ?? "") });
        if (!before) socket.write(answer);
        next?.(socket, below.get(socket.remotePort));
      });
    });
    server.on("connection", (raw: Socket) => below.set(raw.remotePort, raw));
    server.on("tlsClientError", () => {});
    return listening(server, "::");
  }
}

function refuseOthers(name: string, callback: (error: Error | null) => void): void {
  callback(name === "manager.corp.example" ? null : new Error("unknown"));
}

export async function listening<T extends Server>(server: T, host: string, port = 0): Promise<T> {
  server.listen(port, host);
  await once(server, "listening");
  return server;
}

export function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  if (typeof address !== "object" || !address) throw new Error("a server on a port has an address");
  return address.port;
}

/** The proxy that comes from an address, or direct. */
function wayOf(address: string): string {
  const plain = address.replace("::ffff:", "");
  return Object.keys(SOURCES).find((name) => Object.values(SOURCES[name] ?? {}).includes(plain)) ?? "direct";
}
