import type { FaultAction, FaultTarget } from "../../emulator";
import { LATE_MS } from "./pace";

/** What a fault knows of the request that it strikes: the secrets in it, for a server that echoes them. */
export interface Echo {
  secrets: string;
  /** An open session that no log-in has told of. */
  planted: string;
}

export interface FaultKind {
  action(echo: Echo): FaultAction;
  /** The server surely did nothing: even a log-in may be sent again. */
  harmless?: true;
}

const FORM = (echo: string) =>
  `<form action="login"><input type="hidden" name="password" value="${echo}"><input type="password" name="p"></form>`;

function refusal(status: number, code: string, said = "Refused: "): FaultKind {
  const body = ({ secrets }: Echo) => ({
    error_code: code,
    error_msg: `${said}${secrets}`,
    request_id: "r1",
  });
  return { action: (echo) => ({ status, body: body(echo) }) };
}

function page(status: number, headers?: Record<string, string>): FaultKind {
  return { action: ({ secrets }) => ({ status, headers, body: `<p>${secrets}</p>` }) };
}

const harmless = (kind: FaultKind): FaultKind => ({ ...kind, harmless: true });

const broken = {
  "cut before": { action: () => ({ drop: "before" }) },
  "cut after": { action: () => ({ drop: "after" }) },
  "cut slowly": { action: () => ({ delayMs: 20, drop: "after" }) },
  slow: { action: () => ({ delayMs: 15 }) },
  late: { action: () => ({ delayMs: LATE_MS }) },
} satisfies Record<string, FaultKind>;

const CANONICAL = "verify aksk signature fail,canonicalRequest:POST\n/v2/\n\n";

const dcs = {
  ...broken,
  busy: harmless(refusal(400, "111400111")),
  "busy DCS": harmless(refusal(400, "DCS.4049")),
  throttled: harmless(refusal(429, "APIGW.0308")),
  "keys refused": refusal(401, "APIGW.0301", CANONICAL),
  "session's word at 401": refusal(401, "111400063"),
  forbidden: refusal(403, "111403003"),
  "no such API": refusal(404, "APIGW.0101"),
  "no such URL": refusal(404, "111404001"),
  "gone, but no 404": refusal(400, "111404022"),
  internal: refusal(500, "111500000"),
  "gone at 500": refusal(500, "111404022"),
  unavailable: page(503),
  "gateway's page": page(404),
  moved: page(302, { Location: "https://elsewhere.example/" }),
} satisfies Record<string, FaultKind>;

const cas = {
  ...broken,
  throttled: harmless(page(429, { "Retry-After": "0" })),
  internal: page(500),
  unavailable: page(503),
  forbidden: page(403),
  "not found": page(404),
} satisfies Record<string, FaultKind>;

const elsewhere = page(302, { Location: "https://elsewhere.example/?ticket=ST-1" });

/** The faults that each call may meet. None tells a client that a live session is dead: that would be a lie. */
export const FAULTS: Record<FaultTarget, Record<string, FaultKind>> = {
  "webcli.auth": {
    ...dcs,
    "wrong password": refusal(400, "111400080"),
    "invalid parameter": refusal(400, "111400063"),
    "no client id": page(200),
  },
  "webcli.command": {
    ...dcs,
    nothing: page(200),
    "Redis error": { action: ({ secrets }) => ({ body: { response: `NOAUTH refused ${secrets}` } }) },
  },
  "webcli.logout": { ...dcs, "invalid parameter": refusal(400, "111400063") },
  "cas.form": { ...cas, "no form": page(200) },
  "cas.login": {
    ...cas,
    denied: { action: ({ secrets }) => ({ status: 401, body: FORM(secrets) }) },
    stale: { action: ({ secrets }) => ({ status: 200, body: FORM(secrets) }) },
  },
  "cas.probe": { ...cas, nothing: page(200), elsewhere },
  "cas.logout": { ...cas, unauthorized: page(401) },
};

/** A log-out that answers as if it had worked, and ends nothing. Only a probe can tell. */
export const PRETENCES: Record<string, FaultKind> = { "pretends 200": page(200), "pretends 302": elsewhere };

/** Log-ins that work and can't be used. */
export const HALF: Record<"webcli.auth" | "cas.probe", FaultKind> = {
  "webcli.auth": { action: ({ planted }) => ({ body: { client_id: planted } }) },
  "cas.probe": { action: () => ({ status: 200, body: FORM("") }) },
};
