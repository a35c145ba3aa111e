import { type Failure, RequestFailed, redact } from "./errors";
import type { Answer } from "./http";

/** The body of a refusal, by the DCS API or by the gateway in front of it. */
export interface DcsError {
  error_code?: unknown;
  error_msg?: unknown;
  request_id?: unknown;
}

type Reading = Pick<Failure, "advice" | "again" | "meaning">;

const busy = (state: string): Reading => ({
  advice: `The instance ${state}: run the same command again once it is Running.`,
  again: "always",
});
const final = (advice: string, meaning?: Failure["meaning"]): Reading => ({
  advice,
  again: "never",
  meaning,
});

const WRONG_PASSWORD = final("Give the instance's password as `password`.");
const WRONG_PROJECT = final("Check projectId.");
const WRONG_INSTANCE = final("Check instanceId.");
const INVALID = final(
  "The session may have expired: `pulumi up` opens a new one, unless reopenWhenExpired is false. Else check the command.",
  "invalid parameter",
);
const GONE = final("Check instanceId, projectId and the region.", "instance gone");
const NO_SUCH_API = final("Check endpoint and region: this server has no DCS API at that path.");
const FORBIDDEN = final("Give the user or agency the IAM action dcs:instance:webcli.");
const BAD_KEYS = final(
  "Check the keys (config huaweicloud:accessKey and secretKey, or HW_ACCESS_KEY and HW_SECRET_KEY; " +
    "for a destroy only the environment counts) and this machine's clock.",
);
const THROTTLED: Reading = { advice: "Run the same command again later.", again: "always" };
const SERVER_FAULT: Reading = { advice: "Run the same command again later.", again: "idempotent" };
const NOT_READY = busy("was not ready");

/** https://support.huaweicloud.com/intl/en-us/api-dcs/ErrorCode.html; each code has two spellings. */
const READINGS = new Map<string, Reading>([
  ["111400026", NOT_READY],
  ["DCS.4026", NOT_READY],
  ["DCS.4049", busy("was not running")],
  ["111400104", busy("was recovering")],
  ["111400111", busy("was restarting")],
  ["111400113", busy("was being extended")],
  ["111400114", busy("was being configured")],
  ["111400115", busy("was changing its password")],
  ["111400116", busy("was being upgraded")],
  ["111400117", busy("was rolling back")],
  ["111400118", busy("was being created")],
  ["111400080", WRONG_PASSWORD],
  ["DCS.4080", WRONG_PASSWORD],
  ["111400850", final("Leave `password` out: the instance has password-free access.")],
  ["111400002", WRONG_PROJECT],
  ["DCS.4002", WRONG_PROJECT],
  ["111400061", WRONG_INSTANCE],
  ["DCS.4061", WRONG_INSTANCE],
  ["111400062", INVALID],
  ["111400063", INVALID],
  ["DCS.4062", INVALID],
  ["DCS.4063", INVALID],
  ["111404022", GONE],
  ["DCS.3022", GONE],
]);

const BY_STATUS = new Map<number, Reading>([
  [401, BAD_KEYS],
  [403, FORBIDDEN],
  [404, NO_SUCH_API],
  [429, THROTTLED],
]);

/** The statuses with which a code above was documented; elsewhere it decides nothing. */
const STATUS_OF_CODES = new Set([400, 404]);

function reading(status: number, code: string): Reading {
  const byCode = STATUS_OF_CODES.has(status) ? READINGS.get(code) : undefined;
  if (byCode === GONE && status !== 404) return final("Check instanceId.");
  if (byCode) return byCode;
  if (status >= 500) return SERVER_FAULT;
  return BY_STATUS.get(status) ?? final("Check endpoint and region.");
}

/** A refusal as an error: what the server said, without secrets, and what it means for the caller. */
export function dcsFailure(
  answer: Answer,
  body: DcsError,
  retryAfterMs: number | undefined,
  secrets: readonly (string | undefined)[],
): RequestFailed {
  const code = word(body.error_code);
  const requestId = word(body.request_id) || word(answer.headers["x-request-id"]);
  const said =
    `${answer.request} answered ${answer.status}` +
    (code && ` ${code}`) +
    sentence(body.error_msg, secrets) +
    (requestId && ` (request id ${requestId})`);
  return new RequestFailed({ said: redact(said, secrets), retryAfterMs, ...reading(answer.status, code) });
}

/** A code or an id; anything that looks otherwise is not shown. */
function word(value: unknown): string {
  return typeof value === "string" && /^[\w.-]{1,64}$/.test(value) ? value : "";
}

/**
 * The gateway's messages go on with the canonical request, signature and headers included: cut there.
 * Secrets go first, because half of one would not be found after the cut.
 */
function sentence(value: unknown, secrets: readonly (string | undefined)[]): string {
  if (typeof value !== "string") return "";
  const [said = ""] = redact(value, secrets).split(/,?\s*canonicalRequest/i);
  const short = said
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, 200);
  return short && ` "${short}"`;
}
