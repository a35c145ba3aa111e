import { codeOf, networkFailure } from "./networkErrors";

/** What stood in the way of TLS. The message is a clause about the certificate, or about the server. */
export class TlsError extends Error {
  constructor(
    readonly kind: "issuer" | "name" | "time" | "pin" | "certificate" | "handshake",
    reason: string,
    /** What to do about a handshake that failed. */
    readonly advice = "Check the port.",
  ) {
    super(reason);
  }
}

/** An alert of TLS is 7 bytes; whoever sent more has sent its certificate before. */
const ALERT_BYTES = 7;

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
const CERTIFICATES: Record<string, [TlsError["kind"], reason: string]> = {
  CERT_HAS_EXPIRED: ["time", "it has expired, or its issuer's has"],
  CERT_NOT_YET_VALID: ["time", "it is not valid yet, or its issuer's is not"],
  DEPTH_ZERO_SELF_SIGNED_CERT: ["issuer", "it is self-signed and not trusted here"],
  SELF_SIGNED_CERT_IN_CHAIN: ["issuer", ISSUER],
  UNABLE_TO_GET_ISSUER_CERT: ["issuer", ISSUER],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["issuer", ISSUER],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["issuer", ISSUER],
  // An authority of the same name, with another key.
  CERT_SIGNATURE_FAILURE: ["issuer", ISSUER],
  INVALID_PURPOSE: ["certificate", "it is not meant for a server"],
  INVALID_CA: ["certificate", "its issuer is not a certificate authority (CA)"],
  PATH_LENGTH_EXCEEDED: ["certificate", "its chain is longer than its authority allows"],
};

/**
 * What a failure of TLS means; the same error where it is one of the network. `received` is how many bytes the server
 * had sent by then.
 */
export function tlsErrorFrom(error: unknown, received: number): unknown {
  const code = codeOf(error);
  if (error instanceof TlsError || networkFailure(code)) return error;
  const message = error instanceof Error ? error.message : "";
  const known = CERTIFICATES[code];
  if (known) return new TlsError(...known);
  // Words of OpenSSL's own, such as "permitted subtree violation".
  if (!/^(?:ERR_SSL|EPROTO)/.test(code)) return new TlsError("certificate", message);
  const isRefused = received > ALERT_BYTES && /handshake.failure/i.test(code + message);
  if (isRefused || isClientCertificateAlert(code)) {
    return new TlsError(
      "handshake",
      "the server wants a client certificate, and this package has none",
      "Pass an address at which the server asks for none.",
    );
  }
  const words = message.toLowerCase();
  const [, reason, advice] = HANDSHAKES.find(([pattern]) => pattern.test(words)) ?? [];
  return new TlsError("handshake", reason ?? `it broke off (${code})`, advice);
}

/** TLS 1.3 tells after the handshake that a certificate was missing. */
export function isClientCertificateAlert(code: string): boolean {
  return /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE)$/.test(code);
}
