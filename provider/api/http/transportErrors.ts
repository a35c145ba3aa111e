import { type Failure, RequestError } from "../errors";
import { serverFailure } from "./connectionErrors";
import type { HttpRequest } from "./messages";
import { codeOf, networkFailure, WAY_BLOCKED } from "./networkErrors";
import { isClientCertificateAlert, tlsErrorFrom } from "./tlsErrors";

const UNREADABLE = /^(?:Z_BUF_ERROR|Z_DATA_ERROR)$|BROTLI|ZSTD/;

/** A time limit of a request that passed. */
export function timedOut(reason: string): RequestError {
  return new RequestError({ ...WAY_BLOCKED, reason });
}

/** An answer that can't be one of HTTP, or of these services. */
export function invalidResponse(what: string): RequestError {
  return new RequestError({
    reason: `the response is not valid HTTP (${what})`,
    advice: "Check the address and port, and whether a proxy answers for the server.",
    retry: "never",
  });
}

/**
 * What is known of a request that got no answer, or none that can be used. `connected` says whether a connection
 * stood, so that the server may have received it.
 */
export function requestErrorFrom(
  name: string,
  { method, url, isHarmless = method !== "POST" }: Pick<HttpRequest, "method" | "url" | "isHarmless">,
  error: unknown,
  connected: boolean,
): RequestError {
  const failure = failureFrom(causeOf(error));
  const { mayHaveActed = !isHarmless && connected } = failure;
  const retry = mayHaveActed && failure.retry === "always" ? "idempotent" : failure.retry;
  const reason = `${name} at ${new URL(url).host} got no answer: ${failure.reason}`;
  return new RequestError({ ...failure, reason, retry, mayHaveActed });
}

/** Whether a connection broke before anything came. */
export function isBroken(error: unknown): boolean {
  return /^(?:ECONNRESET|ECONNABORTED|EPIPE)$/.test(codeOf(causeOf(error)));
}

function failureFrom(error: unknown): Failure {
  if (error instanceof RequestError) return error.failure;
  const code = codeOf(error);
  if (isClientCertificateAlert(code)) {
    // The server ends the handshake with it, so it has not read the request.
    return { ...serverFailure(tlsErrorFrom(error, 0)).failure, mayHaveActed: false };
  }
  if (UNREADABLE.test(code)) return { ...WAY_BLOCKED, reason: "its answer could not be decompressed" };
  return networkFailure(code) ?? invalidResponse(code).failure;
}

/** axios wraps what happened below it. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? causeOf(error.cause) : error;
}
