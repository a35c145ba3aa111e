import { once } from "node:events";
import http from "node:http";
import type { Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { type Answer, wireText } from "./answers";
import type { Request } from "./exchange";

/** An HTTP server that sends what it is given as an answer, or as much of it as arrives. */
export class Front {
  private readonly server = http.createServer((request, response) => void this.serve(request, response));
  private inProgress = 0;
  /** What went wrong in here, which no client is to blame for. */
  private broken: unknown;

  private constructor(private readonly answer: (request: Request) => Promise<Answer>) {}

  static async open(answer: (request: Request) => Promise<Answer>): Promise<Front> {
    const front = new Front(answer);
    // Longer than clients keep idle connections, so that none is cut by chance.
    front.server.keepAliveTimeout = 65_000;
    front.server.listen(0, "127.0.0.1");
    await once(front.server, "listening");
    return front;
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  cutConnections(): void {
    this.server.closeAllConnections();
  }

  /** Resolves when no request is in progress any more, those included whose clients have given up. */
  async idle(): Promise<void> {
    while (this.inProgress > 0) await wait(2);
    if (this.broken) throw this.broken;
  }

  async close(): Promise<void> {
    const closed = once(this.server, "close");
    this.server.close();
    this.cutConnections();
    await closed;
  }

  private async serve(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.inProgress += 1;
    const { method = "", url = "", headers, socket } = incoming;
    try {
      const plain = Object.entries(headers).map(([name, value]) => [name, String(value)]);
      const body = (await buffer(incoming)).toString("utf8");
      await send(await this.answer({ method, url, headers: Object.fromEntries(plain), body }), response);
    } catch (error) {
      // A client may go before it has sent its request.
      if (incoming.complete) this.broken ??= error;
      socket.destroy();
    } finally {
      this.inProgress -= 1;
    }
  }
}

const COMPRESS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
const TOO_LONG = " ".repeat(2 * 1024 * 1024 + 1);

/** Unlike `once`, it does not fail where a client that has given up resets the connection. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

async function send(answer: Answer, response: http.ServerResponse): Promise<void> {
  const { status, headers, body, arrives = "whole", encoding } = answer;
  const { socket } = response;
  if (!socket || socket.destroyed) return;
  if (arrives === "nothing") socket.resetAndDestroy();
  else if (arrives === "silence") await closed(socket);
  else if (status === 204 && typeof arrives === "string") response.writeHead(status, headers).end();
  else if (arrives === "head") {
    response.writeHead(status, headers).flushHeaders();
    await closed(socket);
  } else if (typeof arrives === "object") {
    const wire = wireText(answer);
    const bytes = Buffer.concat([Buffer.from(wire.head), wire.body]);
    socket.end(bytes.subarray(0, Math.floor(arrives.upTo * bytes.length)));
  } else if (arrives === "too long") response.writeHead(status, headers).end(body + TOO_LONG);
  else if (arrives === "undecodable")
    response.writeHead(status, { ...headers, "content-encoding": "gzip" }).end("not gzip");
  else if (encoding)
    response.writeHead(status, { ...headers, "content-encoding": encoding }).end(COMPRESS[encoding](body));
  else response.writeHead(status, headers).end(body);
}
