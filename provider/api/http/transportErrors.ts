import { type Failure, RequestError } from "../errors";
import type { Trust } from "./agent";
import { CERTIFICATE_RENEWED, NotSentError } from "./agent";

/** A time limit of the request passed. The message says which. */
export class TimeoutError extends Error {
  readonly code = "TIMEOUT";
}

export class ResponseTooLongError extends Error {
  readonly code = "more than 2 MiB";
}

const CHECK_NETWORK =
  "Check the address or region, the network, and the proxy settings. Then run the same command again.";

const CHECK_NETWORK_AFTER_LOGIN =
  "Check the network and the proxy settings. Then run the same command again.";

const NOT_FOUND = { reason: "its host name could not be found", unreachable: "host not found" } as const;
const BROKEN = { reason: "the connection broke before the answer was complete" };
const UNREADABLE = { reason: "its answer could not be decompressed" };
const NO_ANSWER = { reason: "no answer came in time" };

/** What may pass by itself, by the error code of Node.js. */
const TRANSIENT: Record<string, Pick<Failure, "reason" | "unreachable">> = {
  ECONNREFUSED: { reason: "the connection was refused", unreachable: "connection refused" },
  ENOTFOUND: NOT_FOUND,
  EAI_AGAIN: NOT_FOUND,
  ECONNRESET: BROKEN,
  ECONNABORTED: BROKEN,
  EPIPE: BROKEN,
  HPE_INVALID_EOF_STATE: BROKEN,
  ERR_STREAM_PREMATURE_CLOSE: BROKEN,
  Z_BUF_ERROR: UNREADABLE,
  Z_DATA_ERROR: UNREADABLE,
  ETIMEDOUT: NO_ANSWER,
  EHOSTUNREACH: { reason: "its host could not be reached" },
  ENETUNREACH: { reason: "its network could not be reached" },
};

interface Sent {
  method: string;
  url: string;
  trust?: Trust;
}

/** What is known of a request that got no answer, or none that can be used. */
export function requestErrorFrom(
  name: string,
  request: Sent,
  error: unknown,
  connected: boolean,
): RequestError {
  const { reason, ...failure } = failureFrom(request, causeOf(error), connected);
  const { host } = new URL(request.url);
  return new RequestError({ ...failure, reason: `${name} at ${host} got no answer: ${reason}` });
}

function failureFrom({ method, trust }: Sent, error: unknown, connected: boolean): Failure {
  if (error instanceof NotSentError) {
    return { advice: CHECK_NETWORK, ...error.failure, reason: error.message };
  }
  const code = codeOf(error);
  const mayHaveActed = method === "POST" && connected;
  const transient = error instanceof TimeoutError ? { reason: error.message } : transientBy(code);
  if (transient) {
    return {
      ...transient,
      advice: CHECK_NETWORK,
      adviceAfterLogin: CHECK_NETWORK_AFTER_LOGIN,
      retry: mayHaveActed ? "idempotent" : "always",
      mayHaveActed,
    };
  }
  if (/CERT|SIGNATURE|ISSUER|SSL|TLS|EPROTO/.test(code)) {
    const reason = `the server's certificate or the TLS handshake was rejected (${code})`;
    const adviceAfterLogin = trust && CERTIFICATE_RENEWED;
    return { reason, advice: certificateAdvice(code, trust), adviceAfterLogin, retry: "never", mayHaveActed };
  }
  const reason = `the response is not valid HTTP (${code})`;
  const advice = "Check the address and port, and whether a proxy answers for the server.";
  return { reason, advice, retry: "never", mayHaveActed };
}

function transientBy(code: string): Pick<Failure, "reason" | "unreachable"> | undefined {
  return TRANSIENT[code] ?? (/BROTLI|ZSTD/.test(code) ? UNREADABLE : undefined);
}

function certificateAdvice(code: string, trust: Trust | undefined): string {
  if (!trust) {
    return "If a private certificate authority (CA) issued the server's certificate, set NODE_EXTRA_CA_CERTS to a PEM file with that CA's certificate.";
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return "Use a host name that the certificate covers, or pin it with `certificateFingerprint` and leave `caCertificate` out.";
  }
  if (/EXPIRED|NOT_YET_VALID/.test(code)) {
    return "Renew the server's certificate, or pin it with `certificateFingerprint` and leave `caCertificate` out.";
  }
  if (/EPROTO|ERR_SSL/.test(code)) return "Check the port: the server there may not speak TLS.";
  if (trust.caCertificate) {
    return "No certificate authority (CA) in `caCertificate` issued it. Pass the right CA's certificate, or pin the server's with `certificateFingerprint`.";
  }
  return "Pass the certificate of the server's certificate authority (CA) as `caCertificate` (PEM), or pin the server's own with `certificateFingerprint`.";
}

/** axios wraps what happened below it. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? causeOf(error.cause) : error;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
