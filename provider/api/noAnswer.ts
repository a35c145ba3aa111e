import { errors } from "undici";
import { NotConnected, type Trust, Unsent } from "./agent";
import { type Failure, RequestFailed } from "./errors";
import type { Request } from "./http";

/** The time for the whole answer was over. */
export class Overdue extends Error {
  readonly code = "OVERDUE";
}

const UNREACHED: Record<string, string> = {
  ECONNREFUSED: "the connection was refused",
  ENOTFOUND: "its host name could not be looked up",
  EAI_AGAIN: "its host name could not be looked up",
};

const BROKEN: Record<string, string> = {
  ECONNRESET: "the connection broke before the answer was complete",
  EPIPE: "the connection broke before the answer was complete",
  UND_ERR_SOCKET: "the connection broke before the answer was complete",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the connection broke before the answer was complete",
  ETIMEDOUT: "no answer came in time",
  UND_ERR_CONNECT_TIMEOUT: "no answer came in time",
  UND_ERR_HEADERS_TIMEOUT: "no answer came in time",
  UND_ERR_BODY_TIMEOUT: "no answer came in time",
  OVERDUE: "the answer was not complete in time",
  EHOSTUNREACH: "its host could not be reached",
  ENETUNREACH: "its network could not be reached",
};

const CHECK_NETWORK =
  "Check the address or region, the network and the proxy settings, then run the same command again.";

/** What is known of a request that got no answer, or none that can be used. */
export function noAnswer(called: string, request: Request, error: unknown): RequestFailed {
  const { host } = new URL(request.url);
  const { said, ...rest } = failureOf(request, error);
  return new RequestFailed({ ...rest, said: `${called} at ${host} got no answer: ${said}` });
}

function failureOf({ method, trust }: Request, error: unknown): Failure {
  if (error instanceof Unsent) {
    return { said: error.message, advice: error.advice ?? CHECK_NETWORK, again: error.again };
  }
  const unsent = error instanceof NotConnected;
  const code = codeOf(unsent ? error.cause : error);
  const mayHaveActed = method === "POST" && !unsent;
  const unreached = UNREACHED[code];
  if (unreached) return { said: unreached, advice: CHECK_NETWORK, again: "always" };
  const broken = BROKEN[code];
  if (broken) {
    const again = method === "GET" ? "always" : "idempotent";
    return { said: broken, advice: CHECK_NETWORK, again, mayHaveActed };
  }
  if (/CERT|SIGNATURE|ISSUER|SSL|TLS|EPROTO/.test(code)) {
    const said = `its certificate or TLS was not accepted (${code})`;
    return { said, advice: certificateAdvice(code, trust), again: "never", mayHaveActed };
  }
  if (code === "UND_ERR_INVALID_ARG") {
    const said = "it can't be written: a key or token holds a character that no header may hold";
    return { said, advice: "Correct the keys.", again: "never" };
  }
  const said = `what came is no usable HTTP answer (${code})`;
  return { said, advice: "Check the address.", again: "never", mayHaveActed };
}

function certificateAdvice(code: string, trust: Trust | undefined): string {
  if (!trust) return "Name a file with the server's authority (PEM) in NODE_EXTRA_CA_CERTS.";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return "Use a host name that the certificate is for, or pin it with certificateFingerprint and no caCertificate.";
  }
  if (/EXPIRED|NOT_YET_VALID/.test(code)) {
    return "Renew the server's certificate, or pin it with certificateFingerprint and no caCertificate.";
  }
  if (/EPROTO|ERR_SSL/.test(code)) return "Check the port: what listens there may not speak TLS.";
  if (trust.caCertificate) {
    return "It is not of the authority given as caCertificate: give the server's own, or pin its certificate with certificateFingerprint.";
  }
  return "Give the server's authority as caCertificate (PEM) or pin its certificate with certificateFingerprint.";
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  // llhttp's errors come without their codes; this one is an answer that was cut off.
  if (error instanceof errors.HTTPParserError && /EOF/.test(error.message)) return "UND_ERR_SOCKET";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
