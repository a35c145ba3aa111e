import { codeOf } from "./errorCode";
import { CertificateNameError, type Trust } from "./trust";

/** What stood in the way of TLS. */
export interface TlsFailure {
  kind: "issuer" | "name" | "time" | "certificate" | "handshake";
  /** A clause about the certificate, or about the server. */
  reason: string;
  /** What to do, whoever the server is. */
  advice?: string;
}

/** An alert of TLS is 7 bytes; whoever sent more has sent its certificate before. */
const ALERT_BYTES = 7;

const NEEDS_CLIENT_CERTIFICATE: TlsFailure = {
  kind: "handshake",
  reason: "the server wants a client certificate, and this package has none",
  advice: "Pass an address at which the server asks for none.",
};

/** What failed handshakes mean, by the words of OpenSSL. */
const HANDSHAKES: [words: RegExp, reason: string, advice: string][] = [
  [
    /unsupported protocol|alert protocol version|version too low/,
    "the server accepts none of the TLS versions of this machine (1.2 and later)",
    "Enable TLS 1.2 or later on the server.",
  ],
  [
    /wrong version number|packet length too long|http request|unknown protocol|record layer failure/,
    "the server does not speak TLS at that port",
    "Check the port.",
  ],
  [
    /handshake failure|insufficient security|no shared cipher/,
    "the server and this machine have no cipher suite in common",
    "Enable a current cipher suite on the server.",
  ],
  [/unrecognized name/, "the server knows no host of that name", "Check the host name."],
  [/no application protocol/, "the server does not speak HTTP/1.1", "Enable HTTP/1.1 on the server."],
  [
    /too small|too weak/,
    "the server's key or signature is too weak for this machine",
    "Give the server a certificate with a stronger key and signature.",
  ],
  [
    /unsafe legacy renegotiation/,
    "the server has no secure renegotiation (RFC 5746)",
    "Update the server's TLS software.",
  ],
];

const ISSUER = "no certificate authority (CA) that is trusted here issued it";

/** What is wrong with a certificate, by the error code of Node.js. */
const CERTIFICATES: Record<string, Pick<TlsFailure, "kind" | "reason">> = {
  CERT_HAS_EXPIRED: { kind: "time", reason: "it has expired, or its issuer's has" },
  CERT_NOT_YET_VALID: { kind: "time", reason: "it is not valid yet, or its issuer's is not" },
  DEPTH_ZERO_SELF_SIGNED_CERT: { kind: "issuer", reason: "it is self-signed and not trusted here" },
  SELF_SIGNED_CERT_IN_CHAIN: { kind: "issuer", reason: ISSUER },
  UNABLE_TO_GET_ISSUER_CERT: { kind: "issuer", reason: ISSUER },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { kind: "issuer", reason: ISSUER },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { kind: "issuer", reason: ISSUER },
  // An authority of the same name, with another key.
  CERT_SIGNATURE_FAILURE: { kind: "issuer", reason: ISSUER },
  INVALID_PURPOSE: { kind: "certificate", reason: "it is not meant for a server" },
  INVALID_CA: { kind: "certificate", reason: "its issuer is not a certificate authority (CA)" },
  PATH_LENGTH_EXCEEDED: { kind: "certificate", reason: "its chain is longer than its authority allows" },
};

/** What a failure of TLS means. `received` is how many bytes the server had sent by then. */
export function describeTlsFailure(error: unknown, received: number): TlsFailure {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : "";
  if (error instanceof CertificateNameError) return { kind: "name", reason: message };
  const known = CERTIFICATES[code];
  if (known) return known;
  if (!/^(?:ERR_SSL|EPROTO)/.test(code)) {
    // Words of OpenSSL's own, such as "permitted subtree violation".
    return { kind: "certificate", reason: message };
  }
  if (isClientCertificateAlert(code)) return NEEDS_CLIENT_CERTIFICATE;
  if (/handshake.failure/i.test(code + message) && received > ALERT_BYTES) return NEEDS_CLIENT_CERTIFICATE;
  const words = message.toLowerCase();
  const [, reason, advice] = HANDSHAKES.find(([pattern]) => pattern.test(words)) ?? [];
  return {
    kind: "handshake",
    reason: reason ?? `it broke off (${code})`,
    advice: advice ?? "Check the port.",
  };
}

/** TLS 1.3 tells after the handshake that a certificate was missing. */
export function isClientCertificateAlert(code: string): boolean {
  return /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE)$/.test(code);
}

/** What to do about a certificate that was rejected. */
export function certificateAdvice(kind: TlsFailure["kind"], trust: Trust | undefined): string {
  const orPin = trust ? ", or pin it with `certificateFingerprint` and leave `caCertificate` out" : "";
  if (kind === "name") return `Use a host name that the certificate covers${orPin}.`;
  if (kind === "time")
    return `Check this machine's clock. If it is right, renew the server's certificate${orPin}.`;
  if (kind === "certificate") return `Give the server another certificate${orPin}.`;
  if (!trust) {
    return "If a private certificate authority (CA) issued the server's certificate, set NODE_EXTRA_CA_CERTS to a PEM file with that CA's certificate.";
  }
  if (trust.caCertificate) {
    return "No certificate authority (CA) in `caCertificate` issued it. Pass the right CA's certificate, or pin the server's with `certificateFingerprint`.";
  }
  return "Pass the certificate of the server's certificate authority (CA) as `caCertificate` (PEM), or pin the server's own with `certificateFingerprint`.";
}
