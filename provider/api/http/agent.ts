import http from "node:http";
import https from "node:https";
import { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";
import type { Failure, Retry } from "../errors";
import { isDecodable } from "./serverUrl";

/** What makes a server's certificate trustworthy, beside the authorities that Node.js trusts. */
export interface Trust {
  /** PEM of the only authorities to trust. */
  caCertificate?: string;
  /** SHA-256 of the server's certificate: 64 hex digits, colons allowed. */
  certificateFingerprint?: string;
}

/** The proxy or the pinned certificate stood in the way, so the server has not received anything. */
export class NotSentError extends Error {
  constructor(
    message: string,
    readonly failure: Pick<Failure, "retry" | "unreachable" | "adviceAfterLogin"> & { advice?: string },
  ) {
    super(message);
  }
}

/** What to do where a certificate is refused that was accepted when the session was opened. */
export const CERTIFICATE_RENEWED =
  "A session is logged out with the `caCertificate` and `certificateFingerprint` that it was opened with. If the server's certificate " +
  "was renewed, wait for the session's idle timeout, remove it from state with `pulumi state delete URN`, and pass the new value.";

// An idle connection is dropped before common servers drop it (5 s in Node.js), so that a login, which is
// never sent twice, does not meet a connection that is being closed.
const KEEP_ALIVE = { keepAlive: true, timeout: 4_000 };

/** The agents of a process, each with its own connections. */
export class Agents {
  private readonly agents = new Map<string, http.Agent>();

  /** The agent for a URL. It hands over a socket only once its connection is established and trusted. */
  find(url: string, trust: Trust, connectTimeout: number, throughProxy = true): http.Agent {
    const proxy = throughProxy ? proxyFor(url) : undefined;
    const secure = url.startsWith("https:");
    const key = JSON.stringify([secure, proxy?.href, trust, connectTimeout]);
    const known = this.agents.get(key);
    if (known) return known;
    const made = secure
      ? proxy
        ? new ProxyAgent(proxy, trust, connectTimeout)
        : new TlsAgent(trust, connectTimeout)
      : new PlainAgent(connectTimeout);
    this.agents.set(key, made);
    return made;
  }
}

type ConnectOptions = Parameters<HttpsProxyAgent<string>["connect"]>[1];
/** What a failed connection to a proxy means, by the error code of Node.js. */
const PROXY_FAILURES: Record<string, [reason: string, unreachable?: Failure["unreachable"]]> = {
  ECONNREFUSED: ["the connection was refused", "connection refused"],
  ENOTFOUND: ["its host name could not be found", "host not found"],
  EAI_AGAIN: ["its host name could not be found", "host not found"],
  ECONNRESET: ["the connection broke"],
};

type Established = (error: Error | null, socket: Socket) => void;

class PlainAgent extends http.Agent {
  constructor(private readonly connectTimeout: number) {
    super(KEEP_ALIVE);
  }

  override createConnection(options: http.ClientRequestArgs, callback?: Established): undefined {
    const socket = super.createConnection(options);
    handOver(established(socket, "connect", this.connectTimeout), callback);
  }
}

class TlsAgent extends https.Agent {
  constructor(
    private readonly trust: Trust,
    private readonly connectTimeout: number,
  ) {
    super({ ...KEEP_ALIVE, ...tlsOptions(trust) });
  }

  override createConnection(options: https.RequestOptions, callback?: Established): undefined {
    const socket = super.createConnection(options);
    handOver(trusted(socket, this.trust, this.connectTimeout), callback);
  }
}

class ProxyAgent extends HttpsProxyAgent<string> {
  constructor(
    proxy: URL,
    private readonly trust: Trust,
    private readonly connectTimeout: number,
  ) {
    super(proxy.href, KEEP_ALIVE);
    this.options = { ...this.options, timeout: KEEP_ALIVE.timeout };
  }

  override async connect(request: http.ClientRequest, options: ConnectOptions): Promise<Socket> {
    let status = 0;
    request.once("proxyConnect", ({ statusCode }: { statusCode: number }) => {
      status = statusCode;
    });
    const tunnel = await this.tunnel(request, { ...options, ...tlsOptions(this.trust) });
    if (tunnel instanceof TLSSocket) return trusted(tunnel, this.trust, this.connectTimeout);
    // The agent would replay the proxy's refusal as if the server had answered.
    tunnel.destroy();
    throw this.noTunnel(`it answered ${status}`, status < 500 ? "never" : "always");
  }

  /** Without the words of the proxy, which may repeat its password. */
  private async tunnel(request: http.ClientRequest, options: ConnectOptions): Promise<Socket> {
    const ended = new AbortController();
    const end = () => ended.abort();
    const timer = setTimeout(end, this.connectTimeout);
    const given = "abortSignal" in options ? options.abortSignal : undefined;
    const signal = given instanceof AbortSignal ? given : undefined;
    signal?.addEventListener("abort", end);
    // Each tunnel takes the signal that ends its own connection to the proxy.
    this.connectOpts = { ...this.connectOpts, signal: ended.signal };
    try {
      return await super.connect(request, options);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      const [reason, unreachable] = PROXY_FAILURES[code] ?? ["its answer was not usable"];
      throw this.noTunnel(ended.signal.aborted ? "no answer came in time" : reason, "always", unreachable);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
    }
  }

  private noTunnel(reason: string, retry: Retry, unreachable?: Failure["unreachable"]): NotSentError {
    const message = `its proxy ${this.proxy.host} did not open a tunnel: ${reason}`;
    return new NotSentError(message, { retry, unreachable });
  }
}

function proxyFor(url: string): URL | undefined {
  // Plain http is for loopback addresses only, where no proxy belongs.
  const setting = url.startsWith("https:") ? getProxyForUrl(url) : "";
  if (!setting) return undefined;
  const proxy = URL.canParse(setting) ? new URL(setting) : undefined;
  if (proxy && /^https?:$/.test(proxy.protocol) && isDecodable(proxy.username + proxy.password)) {
    return proxy;
  }
  throw new NotSentError("its proxy setting is not of the form http://HOST:PORT", {
    retry: "never",
    advice: "Correct HTTPS_PROXY or ALL_PROXY, or name the server in NO_PROXY.",
  });
}

/**
 * A pin without an authority stands in for the chain, because the usual pinned certificate is self-signed;
 * with one, both must hold.
 */
function tlsOptions({ caCertificate: ca, certificateFingerprint: pin }: Trust) {
  // A resumed TLS session presents no certificate to compare.
  return { ca, rejectUnauthorized: !pin || ca !== undefined, ...(pin ? { maxCachedSessions: 0 } : {}) };
}

async function trusted(socket: unknown, { certificateFingerprint: pin }: Trust, connectTimeout: number) {
  const connected = await established(socket, "secureConnect", connectTimeout);
  if (!pin || !(connected instanceof TLSSocket)) return connected;
  const found = connected.getPeerX509Certificate()?.fingerprint256 ?? "none";
  if (plainHex(found) === plainHex(pin)) return connected;
  connected.destroy();
  throw new NotSentError(`the server's certificate has the SHA-256 fingerprint ${found}`, {
    retry: "never",
    advice:
      "It is not the pinned one. Compare it with what the server's administrator says before you change `certificateFingerprint`.",
    adviceAfterLogin: CERTIFICATE_RENEWED,
  });
}

function established(socket: unknown, event: "connect" | "secureConnect", timeout: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (!(socket instanceof Socket)) throw new TypeError("the agent made no socket");
    const timer = setTimeout(
      () => socket.destroy(Object.assign(new Error("timed out"), { code: "ETIMEDOUT" })),
      timeout,
    );
    const failed = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    socket.once("error", failed);
    socket.once(event, () => {
      clearTimeout(timer);
      socket.off("error", failed);
      resolve(socket);
    });
  });
}

function handOver(connecting: Promise<Socket>, callback: Established | undefined): void {
  connecting.then(
    (socket) => callback?.(null, socket),
    // An agent reads no socket beside an error.
    (error: Error) => callback?.(error, new Socket()),
  );
}

function plainHex(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}
