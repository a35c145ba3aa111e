import { once } from "node:events";
import { request } from "node:http";
import { isIPv6, type Socket } from "node:net";
import { RequestError } from "../errors";
import { isSuccess } from "./answers";
import { proxyFailure, serverFailure, tunnelRefused } from "./connectionErrors";
import { type ProxyServer, proxyAuthorization } from "./proxy";
import { connectTcp } from "./tcp";
import { TlsClient, type Trust } from "./trust";

/** What a request gives to its connection, and learns from it. */
export interface Connecting {
  /** Ends it. */
  signal: AbortSignal;
  /** What has not answered yet, where that is not the server. */
  waitingFor?: string;
}

/** The way to a server: direct or through a proxy, in plain text or in TLS. */
export class Way {
  private readonly proxyTls: TlsClient | undefined;
  private readonly tls: TlsClient | undefined;

  constructor(
    isSecure: boolean,
    private readonly proxy: ProxyServer | undefined,
    private readonly trust: Trust | undefined,
  ) {
    this.proxyTls = proxy?.url.protocol === "https:" ? new TlsClient() : undefined;
    this.tls = isSecure ? new TlsClient(trust) : undefined;
  }

  /** Connects. Resolves once the connection stands and the server is trusted. */
  async connect(host: string, port: number, connecting: Connecting): Promise<Socket> {
    const { signal } = connecting;
    const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
    const tunnel = this.proxy && (await this.openTunnel(this.proxy, authority, connecting));
    try {
      const socket = tunnel ?? (await connectTcp(host, port, signal));
      return this.tls ? await this.tls.secure(socket, host, authority, signal) : socket;
    } catch (error) {
      throw serverFailure(error, this.trust);
    }
  }

  private async openTunnel(proxy: ProxyServer, authority: string, connecting: Connecting): Promise<Socket> {
    const { hostname, port, host } = proxy.url;
    const { signal } = connecting;
    connecting.waitingFor = `its proxy ${host} did not open a tunnel`;
    const name = hostname.replace(/^\[|\]$/g, "");
    try {
      const raw = await connectTcp(name, Number(port) || (this.proxyTls ? 443 : 80), signal);
      const socket = this.proxyTls ? await this.proxyTls.secure(raw, name, host, signal) : raw;
      const status = await requestTunnel(socket, authority, proxyAuthorization(proxy.url));
      connecting.waitingFor = undefined;
      if (isSuccess({ status })) return socket;
      raw.destroy();
      throw tunnelRefused(proxy, status);
    } catch (error) {
      throw error instanceof RequestError ? error : proxyFailure(proxy, error);
    }
  }
}

/** Asks a proxy for a tunnel, and resolves with the status of its answer. */
async function requestTunnel(
  socket: Socket,
  authority: string,
  authorization: Record<string, string>,
): Promise<number> {
  const asked = request({
    method: "CONNECT",
    path: authority,
    headers: {
      Host: authority,
      "Proxy-Connection": "keep-alive",
      Connection: "keep-alive",
      ...authorization,
    },
    createConnection: () => socket,
    // Proxies that end their lines with a bare line feed are served by curl and Go as well.
    insecureHTTPParser: true,
  });
  asked.end();
  const [{ statusCode = 0 }, , head] = await once(asked, "connect");
  if (head.length > 0) socket.unshift(head);
  return statusCode;
}
