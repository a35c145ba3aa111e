import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { ServerCertificate } from "./certificate";

const HOST = "127.0.0.1";
/** Longer than clients keep idle connections, so that none is cut just as a client uses it. */
const KEEP_ALIVE = 65_000;

/** An HTTP or HTTPS server on the loopback address that can be restarted at its port. */
export class Server {
  private readonly server: ReturnType<typeof createServer>;
  private readonly scheme: "http" | "https";
  private port = 0;

  constructor(listener: RequestListener, certificate: ServerCertificate | undefined) {
    this.server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
    this.server.keepAliveTimeout = KEEP_ALIVE;
    this.scheme = certificate ? "https" : "http";
  }

  get url(): string {
    return `${this.scheme}://${HOST}:${this.port}`;
  }

  /** Listens at a port, or else where it listened before. */
  async listen(port = this.port): Promise<void> {
    this.server.listen(port, HOST);
    await once(this.server, "listening");
    const address = this.server.address();
    if (typeof address === "object" && address !== null) this.port = address.port;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }
}
