import http from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type Connecting, Way } from "./connection";
import { proxyFor } from "./proxy";
import type { Trust } from "./trust";

/** An option of a request that its agent passes on to the connection. */
export interface RequestOptions extends http.RequestOptions {
  connecting: Connecting;
}

// An idle connection is dropped before common servers drop it (5 s in Node.js).
const MAX_IDLE = 4_000;

/** The agents of a process, each with its own connections. */
export class Agents {
  private readonly agents = new Map<string, { shared: http.Agent; single: http.Agent }>();

  /**
   * The agent for a request. It hands over a connection only once that stands and is trusted. With `once`, the
   * connection is new and carries no other request: a server may be about to close one that was used before.
   */
  find(url: string, trust: Trust | undefined, once = false): http.Agent {
    const server = new URL(url);
    const proxy = proxyFor(server);
    const isSecure = server.protocol === "https:";
    const key = JSON.stringify([isSecure, proxy?.url.href, trust]);
    let agents = this.agents.get(key);
    if (!agents) {
      const way = new Way(isSecure, proxy, trust);
      agents = { shared: new WayAgent(way, isSecure, true), single: new WayAgent(way, isSecure, false) };
      this.agents.set(key, agents);
    }
    return once ? agents.single : agents.shared;
  }
}

type Established = (error: Error | null, socket: Socket) => void;

class WayAgent extends http.Agent {
  // What Node.js's own agents tell of themselves.
  readonly protocol: string;
  readonly defaultPort: number;

  constructor(
    private readonly way: Way,
    isSecure: boolean,
    keepAlive: boolean,
  ) {
    super({ keepAlive, timeout: MAX_IDLE });
    this.protocol = isSecure ? "https:" : "http:";
    this.defaultPort = isSecure ? 443 : 80;
  }

  override createConnection(
    { host, port, connecting }: http.ClientRequestArgs & Partial<RequestOptions>,
    callback?: Established,
  ): undefined {
    if (!connecting) throw new TypeError("the request has no limits");
    this.way.connect(host ?? "", Number(port), connecting).then(
      (socket) => callback?.(null, socket),
      // An agent reads no socket beside an error.
      (error: Error) => callback?.(error, new Socket()),
    );
  }

  /** A server that speaks without being asked would answer the next request before it is sent. */
  override keepSocketAlive(socket: Duplex): boolean {
    const keeps: unknown = super.keepSocketAlive(socket);
    if (keeps === false || socket.readableLength > 0) return false;
    socket.on("data", closeUnasked);
    return true;
  }

  override reuseSocket(socket: Duplex, request: http.ClientRequest): void {
    super.reuseSocket(socket, request);
    socket.off("data", closeUnasked);
  }
}

function closeUnasked(this: Duplex): void {
  this.destroy();
}
