import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { isIP, type Socket } from "node:net";
import {
  connect,
  createSecureContext,
  type PeerCertificate,
  rootCertificates,
  type TLSSocket,
} from "node:tls";
import { oneLine } from "./redaction";
import { TlsError, tlsErrorFrom } from "./tlsErrors";

/** What makes a server's certificate trustworthy, beside the authorities that Node.js trusts. */
export interface Trust {
  /** PEM of the only authorities to trust. */
  caCertificate?: string;
  /** SHA-256 of the server's certificate: 64 hex digits, colons allowed. */
  certificateFingerprint?: string;
}

/**
 * TLS over a connection that stands, to a server that has to prove who it is. NODE_TLS_REJECT_UNAUTHORIZED is
 * not heeded: what is sent here is a password, or opens a session.
 */
export class TlsClient {
  private readonly pin: string | undefined;
  private readonly verifiesChain: boolean;
  private readonly context;
  private readonly sessions = new Map<string, Buffer>();

  constructor({ caCertificate: ca, certificateFingerprint: pin }: Trust = {}) {
    this.pin = pin;
    // A pin without an authority stands in for the chain, because the usual pinned certificate is self-signed.
    this.verifiesChain = !pin || ca !== undefined;
    const authorities = ca ?? machineAuthorities();
    // An intermediate authority or the server's own certificate vouches as well, as in curl.
    this.context = createSecureContext({
      ca: authorities,
      allowPartialTrustChain: authorities !== undefined,
    });
  }

  /** Resolves once the server's certificate is accepted. */
  async secure(socket: Socket, host: string, server: string, signal: AbortSignal): Promise<TLSSocket> {
    // The dot that ends a fully qualified name is not part of the name that a certificate holds.
    const name = host.replace(/\.$/, "");
    const before = socket.bytesRead;
    const secured = connect({
      socket,
      secureContext: this.context,
      servername: isIP(name) ? "" : name,
      rejectUnauthorized: this.verifiesChain,
      checkServerIdentity: (_, certificate) =>
        this.verifiesChain ? nameProblem(name, certificate) : undefined,
      ALPNProtocols: ["http/1.1"],
      session: this.sessions.get(server),
    });
    // A resumed session presents no certificate to compare with a pin.
    if (!this.pin) secured.on("session", (session) => this.sessions.set(server, session));
    try {
      await once(secured, "secureConnect", { signal });
    } catch (error) {
      this.sessions.delete(server);
      throw tlsErrorFrom(error, socket.bytesRead - before);
    }
    const fingerprint = secured.getPeerX509Certificate()?.fingerprint256 ?? "none";
    if (!this.pin || plainHex(fingerprint) === plainHex(this.pin)) return secured;
    secured.destroy();
    throw new TlsError("pin", `the server's certificate has the SHA-256 fingerprint ${fingerprint}`);
  }
}

/**
 * What the machine trusts beside Node.js's own list, and that list: with `allowPartialTrustChain` alone, Node.js
 * 20 forgets NODE_EXTRA_CA_CERTS. Nothing where there is no such file, or where other options decide.
 */
function machineAuthorities(): string[] | undefined {
  const { NODE_EXTRA_CA_CERTS: file, NODE_OPTIONS = "" } = process.env;
  if (!file || /--use-(?:openssl|system)-ca/.test([NODE_OPTIONS, ...process.execArgv].join(" ")))
    return undefined;
  try {
    return [...rootCertificates, readFileSync(file, "utf8")];
  } catch {
    // Node.js has warned of it at its start, and goes on without.
    return undefined;
  }
}

/**
 * Why a certificate is not one of a host. Node.js's own check goes further than curl and Go: it accepts
 * `m*.example.com`, and the common name beside alternative names that hold no DNS name.
 */
function nameProblem(host: string, { raw }: PeerCertificate): Error | undefined {
  const certificate = new X509Certificate(raw);
  const names = certificate.subjectAltName ?? "";
  const subject = /(?:DNS|IP Address):/.test(names) ? "never" : "default";
  const found = isIP(host)
    ? certificate.checkIP(host)
    : certificate.checkHost(host, { subject, partialWildcards: false });
  if (found) return undefined;
  const named = oneLine(names || certificate.subject);
  return new TlsError("name", `it does not name ${host}, but ${named || "no host"}`);
}

function plainHex(fingerprint: string): string {
  return fingerprint.replaceAll(":", "").toLowerCase();
}
