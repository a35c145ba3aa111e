import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import { isIP, type Socket } from "node:net";
import tls from "node:tls";
import { type AgentConnectOpts, Agent as ConnectAgent } from "agent-base";
import { HttpsProxyAgent } from "https-proxy-agent";
import { getProxyForUrl } from "proxy-from-env";

/** What makes a server's certificate good, beside the certificates that Node trusts. */
export interface Trust {
  /** PEM of the only authorities to trust. */
  caCertificate?: string;
  /** SHA-256 of the server's certificate: 64 hex digits, colons allowed. */
  certificateFingerprint?: string;
}

export class FingerprintMismatch extends Error {}

// An idle connection is dropped before common servers drop it (5 s in Node), so that a log-in, which
// is never sent twice, does not meet a connection that is being closed.
const KEEP_ALIVE = { keepAlive: true, timeout: 4_000 };

const agents = new Map<string, http.Agent>();

/** The connections to use for a URL: kept alive, through the proxy that the environment names. */
export function agentFor(url: string, trust: Trust = {}): http.Agent {
  const secure = url.startsWith("https:");
  // Plain http goes to loopback only, where no proxy belongs.
  const proxy = secure ? getProxyForUrl(url) : "";
  const key = JSON.stringify([secure, proxy, trust.caCertificate, trust.certificateFingerprint]);
  const agent = agents.get(key) ?? makeAgent(secure, proxy, trust);
  agents.set(key, agent);
  return agent;
}

function makeAgent(secure: boolean, proxy: string, trust: Trust): http.Agent {
  if (!secure) return new http.Agent(KEEP_ALIVE);
  if (!proxy && !trust.certificateFingerprint)
    return new https.Agent({ ...KEEP_ALIVE, ca: trust.caCertificate });
  return new TrustAgent(trust, proxy ? new HttpsProxyAgent(proxy) : undefined);
}

/**
 * For what https.Agent can't do: go through a proxy with the server's certificate still checked by our
 * authority, and check a pinned fingerprint before anything is written. With an authority given too, its
 * chain must hold as well; without one the pin stands in its place, because the usual pinned certificate
 * is self-signed.
 */
class TrustAgent extends ConnectAgent {
  constructor(
    private readonly trust: Trust,
    private readonly tunnel: HttpsProxyAgent<string> | undefined,
  ) {
    super(KEEP_ALIVE);
  }

  override async connect(request: http.ClientRequest, options: AgentConnectOpts): Promise<Socket> {
    const { caCertificate, certificateFingerprint: pinned } = this.trust;
    const { host = "", port } = options;
    const settings = {
      ...options,
      host,
      servername: isIP(host) ? undefined : host,
      ca: caCertificate,
      rejectUnauthorized: !pinned || caCertificate !== undefined,
    };
    const socket = this.tunnel
      ? await this.tunnel.connect(request, { ...settings, secureEndpoint: true, port: port ?? 443 })
      : tls.connect(settings);
    // A proxy that refuses to tunnel hands over its own answer on a plain socket.
    if (!(socket instanceof tls.TLSSocket)) return socket;
    await once(socket, "secureConnect");
    const found = socket.getPeerX509Certificate()?.fingerprint256 ?? "none";
    if (!pinned || sameFingerprint(found, pinned)) return socket;
    socket.destroy();
    throw new FingerprintMismatch(`the server's certificate has the SHA-256 fingerprint ${found}`);
  }
}

function sameFingerprint(one: string, other: string): boolean {
  const plain = (text: string) => text.replaceAll(":", "").toLowerCase();
  return plain(one) === plain(other);
}

/** Whether a text is made of certificates in PEM, and nothing else. */
export function isPem(text: string): boolean {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
    return blocks.length > 0;
  } catch {
    return false;
  }
}
