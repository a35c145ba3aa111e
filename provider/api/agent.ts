import { X509Certificate } from "node:crypto";
import { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { getProxyForUrl } from "proxy-from-env";
import { Agent, buildConnector, Client, type Dispatcher } from "undici";
import type { Again } from "./errors";

/** What makes a server's certificate good, beside the certificates that Node trusts. */
export interface Trust {
  /** PEM of the only authorities to trust. */
  caCertificate?: string;
  /** SHA-256 of the server's certificate: 64 hex digits, colons allowed. */
  certificateFingerprint?: string;
}

/** The connection, TLS included, never stood, so nothing has reached the server. */
export class NotConnected extends Error {}

/** The proxy or the certificate stood in the way, so nothing has reached the server. */
export class Unsent extends Error {
  constructor(
    message: string,
    readonly again: Again,
    readonly advice?: string,
  ) {
    super(message);
  }
}

/** No answer of either service comes near this size: 2 MiB. */
const ANSWER_BYTES = 2 * 1024 * 1024;

// An idle connection is dropped before common servers drop it (5 s in Node), so that a log-in, which
// is never sent twice, does not meet a connection that is being closed.
const KEEP_ALIVE = { keepAliveTimeout: 4_000, keepAliveMaxTimeout: 4_000 };

const dispatchers = new Map<string, Dispatcher>();

/** The connections to use for a URL: kept alive, through the proxy that the environment names. */
export function dispatcherFor(url: string, trust: Trust = {}, connectMs: number): Dispatcher {
  const proxy = proxyFor(url);
  const key = JSON.stringify([proxy?.href, trust.caCertificate, trust.certificateFingerprint, connectMs]);
  const known = dispatchers.get(key);
  if (known) return known;
  const made = new Agent({
    ...KEEP_ALIVE,
    maxResponseSize: ANSWER_BYTES,
    connect: connector(trust, proxy, connectMs),
  });
  dispatchers.set(key, made);
  return made;
}

function proxyFor(url: string): URL | undefined {
  // Plain http goes to loopback only, where no proxy belongs.
  const setting = url.startsWith("https:") ? getProxyForUrl(url) : "";
  if (!setting) return undefined;
  const proxy = URL.canParse(setting) ? new URL(setting) : undefined;
  if (proxy && /^https?:$/.test(proxy.protocol) && isDecodable(proxy.username + proxy.password)) {
    return proxy;
  }
  const advice = "Correct HTTPS_PROXY or ALL_PROXY, or name the server in NO_PROXY.";
  throw new Unsent("its proxy setting is no http://HOST:PORT", "never", advice);
}

/**
 * Connects, through a proxy where there is one, with a pinned fingerprint checked before anything is written.
 * With an authority given too, its chain must hold as well; without one the pin stands in its place, because
 * the usual pinned certificate is self-signed.
 */
function connector(trust: Trust, proxy: URL | undefined, timeout: number): buildConnector.connector {
  const { caCertificate, certificateFingerprint: pinned } = trust;
  const rejectUnauthorized = !pinned || caCertificate !== undefined;
  // A resumed TLS session shows no certificate to compare.
  const maxCachedSessions = pinned ? 0 : undefined;
  const connect = buildConnector({ timeout, ca: caCertificate, rejectUnauthorized, maxCachedSessions });
  const open = async (options: buildConnector.Options): Promise<Socket> => {
    const httpSocket = proxy ? await tunnel(proxy, options, timeout) : undefined;
    const socket = await new Promise<Socket>((resolve, reject) => {
      connect({ ...options, httpSocket }, (cause, made) => {
        if (cause) reject(new NotConnected("not connected", { cause }));
        else resolve(made);
      });
    });
    if (!pinned || !(socket instanceof TLSSocket)) return socket;
    const found = socket.getPeerX509Certificate()?.fingerprint256 ?? "none";
    if (sameFingerprint(found, pinned)) return socket;
    socket.destroy();
    throw new Unsent(
      `the server's certificate has the SHA-256 fingerprint ${found}`,
      "never",
      "If that is the right server, set certificateFingerprint to it.",
    );
  };
  return (options, callback) => {
    open(options).then(
      (socket) => callback(null, socket),
      (error) => callback(error, null),
    );
  };
}

async function tunnel(proxy: URL, { host = "", port }: buildConnector.Options, timeout: number) {
  const { username, password } = proxy;
  const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const credentials = username ? { "Proxy-Authorization": `Basic ${login.toString("base64")}` } : {};
  const path = port ? host : `${host}:443`;
  const what = `its proxy ${proxy.host} made no tunnel`;
  const client = new Client(proxy.origin, { headersTimeout: timeout, connect: { timeout } });
  const asked = client.connect({ path, headers: { Host: path, ...credentials } });
  const { statusCode, socket } = await asked.catch((error: NodeJS.ErrnoException) => {
    throw new Unsent(`${what}: ${error.message || error.code}`, "always");
  });
  if (statusCode === 200 && socket instanceof Socket) return socket;
  socket.destroy();
  throw new Unsent(`${what}: it answered ${statusCode}`, statusCode < 500 ? "never" : "always");
}

function sameFingerprint(one: string, other: string): boolean {
  const plain = (text: string) => text.replaceAll(":", "").toLowerCase();
  return plain(one) === plain(other);
}

/** Whether what a URL escapes by % can be read. */
export function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text holds certificates in PEM, and no block of anything else, such as a private key. */
export function isPem(text: string): boolean {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if ((text.match(/-----BEGIN /g) ?? []).length !== blocks.length) return false;
  try {
    for (const block of blocks) new X509Certificate(block);
    return blocks.length > 0;
  } catch {
    return false;
  }
}
