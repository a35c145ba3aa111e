import { type Failure, RequestError } from "../errors";
import { isTransient } from "./answers";
import { BROKEN, codeOf, networkFailure, WAY_BLOCKED } from "./networkErrors";
import type { ProxyServer } from "./proxy";
import { TlsError } from "./tlsErrors";
import type { Trust } from "./trust";

/** What to do where a certificate is refused that was accepted when the session was opened. */
const CERTIFICATE_RENEWED =
  "If the server's certificate was renewed, pass the new `caCertificate` or `certificateFingerprint` and run `pulumi up`, " +
  "which updates the session in place. Then run the same command again.";

/** Why the server could not be connected to. */
export function serverFailure(error: unknown, trust?: Trust): RequestError {
  if (!(error instanceof TlsError)) return new RequestError(connectFailure(codeOf(error)));
  const { kind, message } = error;
  if (kind === "handshake") {
    return new RequestError({
      reason: `the TLS handshake failed: ${message}`,
      advice: error.advice,
      retry: "never",
    });
  }
  return new RequestError({
    reason: kind === "pin" ? message : `the server's certificate was rejected: ${message}`,
    advice: certificateAdvice(kind, trust),
    adviceAfterLogin: trust && CERTIFICATE_RENEWED,
    retry: "never",
  });
}

function connectFailure(code: string): Failure {
  return (
    networkFailure(code) ?? { ...WAY_BLOCKED, reason: `it can't be connected to (${code})`, retry: "never" }
  );
}

/** What to do about a certificate that was rejected. */
function certificateAdvice(kind: TlsError["kind"], trust: Trust | undefined): string {
  const orPin = trust ? ", or pin it with `certificateFingerprint` and leave `caCertificate` out" : "";
  if (kind === "pin") {
    return "It is not the pinned one. Compare it with what the server's administrator says before you change `certificateFingerprint`.";
  }
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

const PROXY_CERTIFICATE_ADVICE: Partial<Record<TlsError["kind"], string>> = {
  issuer:
    "If a private certificate authority (CA) issued the proxy's certificate, set NODE_EXTRA_CA_CERTS to a PEM file with that CA's certificate.",
  name: "Write the proxy's host name as its certificate has it.",
};

/** Why the proxy opened no tunnel. Without its words, which may repeat its password. */
export function proxyFailure({ url, variable }: ProxyServer, error: unknown): RequestError {
  const correct = { advice: `Correct ${variable}, or name the server in NO_PROXY.`, retry: "never" } as const;
  if (error instanceof TlsError) {
    const { kind, message } = error;
    return kind === "handshake"
      ? noTunnel(url, { ...correct, reason: `the TLS handshake with it failed: ${message}` })
      : noTunnel(url, {
          ...correct,
          reason: `its certificate was rejected: ${message}`,
          advice: PROXY_CERTIFICATE_ADVICE[kind] ?? correct.advice,
        });
  }
  const code = codeOf(error);
  const network = networkFailure(code);
  if (network?.reason === BROKEN.reason) return noTunnel(url, { ...network, reason: "the connection broke" });
  if (code.startsWith("HPE_")) return noTunnel(url, { ...correct, reason: "its answer is not HTTP" });
  return noTunnel(url, connectFailure(code));
}

/** The proxy answered, and did not open a tunnel. */
export function tunnelRefused({ url, variable }: ProxyServer, status: number): RequestError {
  const advice =
    status === 407
      ? `Correct the user name and password in ${variable}.`
      : `Check that the proxy may reach the server, or name the server in NO_PROXY.`;
  return noTunnel(url, {
    reason: `it answered ${status}`,
    advice,
    retry: isTransient({ status }) ? "always" : "never",
  });
}

function noTunnel({ host }: URL, failure: Failure): RequestError {
  return new RequestError({
    ...failure,
    reason: `its proxy ${host} did not open a tunnel: ${failure.reason}`,
  });
}
