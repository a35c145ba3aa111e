import type { Failure } from "../errors";

/** What is known where nothing came: it may pass by itself. */
export const WAY_BLOCKED = {
  advice:
    "Check the address or region, the network, and the proxy settings. Then run the same command again.",
  adviceAfterLogin: "Check the network and the proxy settings. Then run the same command again.",
  retry: "always",
} as const;

export const BROKEN = { reason: "the connection broke before the answer was complete" };

const NOT_FOUND = { reason: "its host name could not be found", unreachable: "host not found" } as const;
const NO_NAME_SERVER = { reason: "the name server could not look up its host name" };
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
  ERR_STREAM_PREMATURE_CLOSE: BROKEN,
  HPE_INVALID_EOF_STATE: BROKEN,
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
export function networkFailure(code: string): Failure | undefined {
  const transient = TRANSIENT[code];
  if (transient) return { ...transient, ...WAY_BLOCKED };
  if (!FORBIDDEN.has(code)) return undefined;
  const reason = `this machine does not allow the connection (${code})`;
  return { reason, advice: "Check its firewall and security policy.", retry: "never" };
}

/** The code of an error of Node.js; else its name. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
