import { type Failure, RequestError } from "../errors";
import { NotSentError, networkFailure, WAY_BLOCKED } from "./connectionErrors";
import { codeOf } from "./errorCode";
import { describeTlsFailure, isClientCertificateAlert } from "./tlsErrors";

/** A time limit of the request passed. The message says which. */
export class TimeoutError extends Error {}

/** An answer that can't be one of HTTP, or of these services. */
export class InvalidResponseError extends Error {}

/** What Node.js calls a connection that broke while an answer was being read. */
const BROKEN = /^(?:HPE_INVALID_EOF_STATE|ERR_STREAM_PREMATURE_CLOSE)$/;
const UNREADABLE = /^(?:Z_BUF_ERROR|Z_DATA_ERROR)$|BROTLI|ZSTD/;

interface Sent {
  method: string;
  url: string;
}

/**
 * What is known of a request that got no answer, or none that can be used. `connected` says whether a connection
 * stood, so that the server may have received it.
 */
export function requestErrorFrom(
  name: string,
  { method, url }: Sent,
  error: unknown,
  connected: boolean,
): RequestError {
  const { reason, ...failure } = failureFrom(causeOf(error), method === "POST" && connected);
  const { host } = new URL(url);
  return new RequestError({ ...failure, reason: `${name} at ${host} got no answer: ${reason}` });
}

/** Whether a connection broke before anything came. */
export function isBroken(error: unknown): boolean {
  return /^(?:ECONNRESET|ECONNABORTED|EPIPE)$/.test(codeOf(causeOf(error)));
}

function failureFrom(error: unknown, mayHaveActed: boolean): Failure {
  if (error instanceof NotSentError) return error.failure;
  const code = codeOf(error);
  if (isClientCertificateAlert(code)) {
    // The server ends the handshake with it, so it has not read the request.
    const { reason, advice = "" } = describeTlsFailure(error, 0);
    return { reason: `the TLS handshake failed: ${reason}`, advice, retry: "never" };
  }
  const network =
    error instanceof TimeoutError ? { ...WAY_BLOCKED, reason: error.message } : answerFailure(code);
  if (network) {
    const retry = mayHaveActed && network.retry === "always" ? "idempotent" : network.retry;
    return { ...network, retry, mayHaveActed };
  }
  const what = error instanceof InvalidResponseError ? error.message : code;
  return {
    reason: `the response is not valid HTTP (${what})`,
    advice: "Check the address and port, and whether a proxy answers for the server.",
    retry: "never",
    mayHaveActed,
  };
}

function answerFailure(code: string): Failure | undefined {
  if (UNREADABLE.test(code)) {
    return { ...WAY_BLOCKED, reason: "its answer could not be decompressed" };
  }
  return networkFailure(BROKEN.test(code) ? "ECONNRESET" : code);
}

/** axios wraps what happened below it. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? causeOf(error.cause) : error;
}
