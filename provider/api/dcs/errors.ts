import { type Failure, RequestError } from "../errors";
import { describeAnswer } from "../http/answers";
import { retryAfterMs } from "../http/http";
import type { AuthenticatedResponse } from "../iam/credentials";

/** The body of a refusal, by the DCS API or by the gateway in front of it. */
export interface DcsErrorBody {
  error_code?: unknown;
  error_msg?: unknown;
  request_id?: unknown;
}

type Meaning = Pick<Failure, "advice" | "adviceAfterLogin" | "retry" | "meaning">;

const busy = (state: string): Meaning => ({
  advice: `The instance ${state}. Run the same command again once it is Running.`,
  retry: "always",
});
const final = (advice: string, meaning?: Failure["meaning"]): Meaning => ({
  advice,
  retry: "never",
  meaning,
});

const WRONG_PASSWORD = final("The instance refused the password. Correct `password`.");
const WRONG_PROJECT = final("Check `projectId`.");
const WRONG_INSTANCE = final("Check `instanceId`.");
const INVALID = final(
  "The session may have expired: `pulumi up` opens a new one, unless `reopenWhenExpired` is false. Otherwise, check the command.",
  "invalid parameter",
);
const GONE = final(
  "The instance does not exist in this project and region. Check `instanceId`, `projectId`, and the region.",
  "instance gone",
);
/** The credentials that were used may not be those of the account that has the instance. */
const NOT_SEEN = final(
  "The first credentials were refused, and those that were used instead may belong to another account, which does not " +
    "see this instance. Set credentials of the account that has it. If it no longer exists, remove the resource with " +
    "`pulumi state delete URN`.",
);
const INTERMEDIARY = {
  adviceAfterLogin:
    "Check that no proxy or gateway in between answers for the service, then run the same command again.",
};
const NO_SUCH_API: Meaning = {
  ...final("There is no DCS API at that address. Check the endpoint or region."),
  ...INTERMEDIARY,
};
const FORBIDDEN = final("Grant the user or agency the IAM action `dcs:instance:webcli`.");
const BAD_CREDENTIALS = final(
  "Check the credentials: `huaweicloud-sessions:accessKey` and `huaweicloud-sessions:secretKey`, or HW_ACCESS_KEY and " +
    "HW_SECRET_KEY. On destroy, Pulumi hands dynamic resources the stack configuration of the last `up`: set rotated keys in the environment, or run " +
    "`pulumi destroy --run-program`.",
);
const TOO_LARGE = final("The request is too large. Shorten the command or the password.");
const INVALID_VALUE: Meaning = {
  ...final(
    "The service rejected a value in the request. Check `instanceId`, `projectId`, `password`, and the command.",
  ),
  ...INTERMEDIARY,
};
const UNEXPECTED: Meaning = {
  ...final("The service rejected the request with an unexpected status. Check the endpoint."),
  ...INTERMEDIARY,
};
const THROTTLED: Meaning = {
  advice: "The service is throttling requests. Run the same command again later.",
  retry: "always",
};
const NOT_READ: Meaning = {
  advice:
    "The server closed the connection before it had read the request. Run the same command again later.",
  retry: "always",
};
const SERVER_ERROR: Meaning = { advice: "Run the same command again later.", retry: "idempotent" };
const NOT_READY = busy("was not ready");

/** https://support.huaweicloud.com/intl/en-us/api-dcs/ErrorCode.html; each code has two spellings. */
const MEANINGS = new Map<string, Meaning>([
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
  ["111400850", final("The instance has password-free access. Leave `password` out.")],
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

const BY_STATUS = new Map<number, Meaning>([
  [400, INVALID_VALUE],
  [401, BAD_CREDENTIALS],
  [403, FORBIDDEN],
  [404, NO_SUCH_API],
  [408, NOT_READ],
  [413, TOO_LARGE],
  [429, THROTTLED],
]);

/** The statuses with which the codes above are documented; elsewhere a code decides nothing. */
const DOCUMENTED = new Set([400, 404]);

function meaning(
  { status, mayBeOfAnotherAccount }: AuthenticatedResponse,
  code: string,
): { known: boolean; meaning: Meaning } {
  const byCode = DOCUMENTED.has(status) ? MEANINGS.get(code) : undefined;
  if (byCode === GONE && status !== 404) return { known: true, meaning: WRONG_INSTANCE };
  if (byCode === GONE && mayBeOfAnotherAccount) return { known: true, meaning: NOT_SEEN };
  if (byCode) return { known: true, meaning: byCode };
  if (status >= 500) return { known: false, meaning: SERVER_ERROR };
  return { known: status === 401, meaning: BY_STATUS.get(status) ?? UNEXPECTED };
}

/**
 * A refusal as an error: what the server answered, and what it means for the caller. `project` tells which it was
 * about, and why.
 */
export function dcsError(
  response: AuthenticatedResponse,
  body: DcsErrorBody,
  project?: string,
): RequestError {
  const { error_code: code, error_msg, request_id: requestId } = body;
  const { known, meaning: decided } = meaning(response, typeof code === "string" ? code : "");
  // A code that is known has a sentence of ours.
  const message = known ? undefined : error_msg;
  const reason = describeAnswer(response, { code, message, requestId });
  const advice = `${decided.advice}${decided === FORBIDDEN && project ? ` Check the project: ${project}.` : ""}`;
  return new RequestError({ reason, retryAfterMs: retryAfterMs(response), ...decided, advice });
}
