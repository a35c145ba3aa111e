import type { Failure } from "../errors";
import { codeOf } from "./errorCode";
import type { ProxyServer, ProxySettingError } from "./proxy";
import { certificateAdvice, describeTlsFailure } from "./tlsErrors";
import { PinError, type Trust } from "./trust";

/** No connection came to stand, so the server has not received anything. */
export class NotSentError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.reason);
  }
}

/** What to do where a certificate is refused that was accepted when the session was opened. */
const CERTIFICATE_RENEWED =
  "If the server's certificate was renewed, pass the new `caCertificate` or `certificateFingerprint` and run `pulumi up`, " +
  "which updates the session in place. Then run the same command again.";

/** What is known where nothing came: it may pass by itself. */
export const WAY_BLOCKED = {
  advice:
    "Check the address or region, the network, and the proxy settings. Then run the same command again.",
  adviceAfterLogin: "Check the network and the proxy settings. Then run the same command again.",
  retry: "always",
} as const;

const NOT_FOUND = { reason: "its host name could not be found", unreachable: "host not found" } as const;
const NO_NAME_SERVER = { reason: "the name server could not look up its host name" };
const BROKEN = { reason: "the connection broke before the answer was complete" };
const DOWN = { reason: "this machine's network is down" };
const EXHAUSTED = { reason: "this machine has too many files or connections open" };

/** What may pass by itself, by the error code of Node.js. */
const TRANSIENT: Record<string, Pick<Failure, "reason" | "unreachable">> = {
  ECONNREFUSED: { reason: "the connection was refused", unreachable: "connection refused" },
  ENOTFOUND: NOT_FOUND,
  EAI_AGAIN: NOT_FOUND,
  EAI_FAIL: NO_NAME_SERVER,
  ECONNRESET: BROKEN,
  ECONNABORTED: BROKEN,
  EPIPE: BROKEN,
  ETIMEDOUT: { reason: "no answer came in time" },
  EHOSTUNREACH: { reason: "its host could not be reached" },
  EHOSTDOWN: { reason: "its host could not be reached" },
  ENETUNREACH: { reason: "this machine has no route to its network" },
  ENETDOWN: DOWN,
  EADDRNOTAVAIL: { reason: "this machine has no free local address or port" },
  EMFILE: EXHAUSTED,
  ENFILE: EXHAUSTED,
  ENOBUFS: EXHAUSTED,
};

/** What this machine does not allow. */
const FORBIDDEN = new Set(["EPERM", "EACCES"]);

/** Why a connection did not come to stand, or broke; nothing where its code tells of neither. */
export function networkFailure(code: string): Omit<Failure, "mayHaveActed"> | undefined {
  const transient = TRANSIENT[code];
  if (transient) return { ...transient, ...WAY_BLOCKED };
  if (!FORBIDDEN.has(code)) return undefined;
  const reason = `this machine does not allow the connection (${code})`;
  return { reason, advice: "Check its firewall and security policy.", retry: "never" };
}

/** Why the server could not be connected to. */
export function serverFailure(error: unknown, received: number, trust: Trust | undefined): NotSentError {
  const network = networkFailure(codeOf(error));
  if (network) return new NotSentError(network);
  const adviceAfterLogin = trust && CERTIFICATE_RENEWED;
  if (error instanceof PinError) {
    return new NotSentError({
      reason: `the server's certificate has the SHA-256 fingerprint ${error.fingerprint}`,
      advice:
        "It is not the pinned one. Compare it with what the server's administrator says before you change `certificateFingerprint`.",
      adviceAfterLogin,
      retry: "never",
    });
  }
  const { reason, kind, advice = certificateAdvice(kind, trust) } = describeTlsFailure(error, received);
  const isHandshake = kind === "handshake";
  return new NotSentError({
    reason: isHandshake
      ? `the TLS handshake failed: ${reason}`
      : `the server's certificate was rejected: ${reason}`,
    advice,
    adviceAfterLogin: isHandshake ? undefined : adviceAfterLogin,
    retry: "never",
  });
}

const PROXY_CERTIFICATE_ADVICE = {
  issuer:
    "If a private certificate authority (CA) issued the proxy's certificate, set NODE_EXTRA_CA_CERTS to a PEM file with that CA's certificate.",
  name: "Write the proxy's host name as its certificate has it.",
} as const;

/** Why the proxy opened no tunnel. Without its words, which may repeat its password. */
export function proxyFailure({ url, variable }: ProxyServer, error: unknown, received: number): NotSentError {
  const code = codeOf(error);
  const correct = `Correct ${variable}, or name the server in NO_PROXY.`;
  const network = networkFailure(code);
  if (network) {
    const reason = code === "ECONNRESET" ? "the connection broke" : network.reason;
    return noTunnel(url, { ...network, reason });
  }
  if (code.startsWith("HPE_")) {
    return noTunnel(url, { reason: "its answer is not HTTP", advice: correct, retry: "never" });
  }
  const { reason, kind } = describeTlsFailure(error, received);
  return kind === "handshake"
    ? noTunnel(url, {
        reason: `the TLS handshake with it failed: ${reason}`,
        advice: correct,
        retry: "never",
      })
    : noTunnel(url, {
        reason: `its certificate was rejected: ${reason}`,
        advice: kind === "issuer" || kind === "name" ? PROXY_CERTIFICATE_ADVICE[kind] : correct,
        retry: "never",
      });
}

/** The proxy answered, and did not open a tunnel. */
export function tunnelRefused({ url, variable }: ProxyServer, status: number): NotSentError {
  const advice =
    status === 407
      ? `Correct the user name and password in ${variable}.`
      : `Check that the proxy may reach the server, or name the server in NO_PROXY.`;
  const retry = status >= 500 || status === 408 || status === 429 ? "always" : "never";
  return noTunnel(url, { reason: `it answered ${status}`, advice, retry });
}

function noTunnel({ host }: URL, failure: Failure): NotSentError {
  return new NotSentError({
    ...failure,
    reason: `its proxy ${host} did not open a tunnel: ${failure.reason}`,
  });
}

/** What the environment says is not the address of a proxy. */
export function settingFailure(error: ProxySettingError): NotSentError {
  return new NotSentError({
    reason: error.message,
    advice: `Correct ${error.variable}, or name the server in NO_PROXY.`,
    retry: "never",
  });
}
