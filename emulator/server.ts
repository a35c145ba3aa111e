import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import debug from "debug";
import type { KeyAndCertificate } from "./certificate";
import { failed } from "./dispatch";
import type { Reply } from "./http";

const log = debug("huaweicloud-sessions:emulator");
const host = "127.0.0.1";

/** Longer than clients keep idle connections, so that none is cut under a client's hands. */
const keepAliveMs = 65_000;

export type Answer = (request: IncomingMessage) => Promise<Reply | undefined>;

/** An HTTP or HTTPS server on the loopback address that can be restarted at its port. */
export class Server {
  private readonly server: ReturnType<typeof createServer>;

  constructor(
    private readonly answer: Answer,
    private readonly certificate: KeyAndCertificate | undefined,
  ) {
    const listener = (request: IncomingMessage, response: ServerResponse) =>
      void this.serve(request, response);
    this.server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
    this.server.keepAliveTimeout = keepAliveMs;
  }

  async listen(port: number): Promise<void> {
    this.server.listen(port, host);
    await once(this.server, "listening");
  }

  get port(): number {
    const address = this.server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  get scheme(): "http" | "https" {
    return this.certificate ? "https" : "http";
  }

  async close(): Promise<void> {
    if (!this.server.listening) {
      return;
    }
    const closed = once(this.server, "close");
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const reply = await this.answer(request);
      if (reply) {
        send(response, reply);
      } else {
        request.socket.destroy();
      }
    } catch (error) {
      if (request.destroyed && !request.complete) {
        log("client went away during %s %s", request.method, request.url);
        return;
      }
      log("failed on %s %s: %O", request.method, request.url, error);
      send(response, failed());
    }
  }
}

function send(response: ServerResponse, { status, headers = {}, body }: Reply): void {
  if (response.destroyed) {
    return;
  }
  const lines = Object.entries(headers).filter(([, value]) => typeof value === "string" || value.length > 0);
  for (const [name, value] of lines) {
    response.setHeader(name, value);
  }
  response.writeHead(status);
  response.end(body);
}
