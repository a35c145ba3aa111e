import type { Failure, RequestError } from "../errors";
import { answerError, describeAnswer, objectIn } from "../http/answers";
import type { AuthenticatedResponse } from "../iam/credentials";

type Meaning = Pick<Failure, "advice" | "adviceAfterLogin" | "meaning"> & Partial<Pick<Failure, "retry">>;

const busy = (state: string): Meaning => ({
  advice: `The instance ${state}. Run the same command again once it is Running.`,
  retry: "always",
});

const WRONG_INSTANCE = { advice: "Check `instanceId`." };
const INVALID = {
  advice:
    "The session may have expired: `pulumi up` opens a new one, unless `reopenWhenExpired` is false. Otherwise, check the command.",
  meaning: "invalid parameter",
} as const;
const GONE = {
  advice:
    "The instance does not exist in this project and region. Check `instanceId`, `projectId`, and the region.",
  meaning: "instance gone",
} as const;
/** The credentials that were used may not be those of the account that has the instance. */
const NOT_SEEN = {
  advice:
    "The first credentials were refused, and those that were used instead may belong to another account, which does not " +
    "see this instance. Set credentials of the account that has it. If it no longer exists, remove the resource with " +
    "`pulumi state delete URN`.",
};

/** https://support.huaweicloud.com/intl/en-us/api-dcs/ErrorCode.html; most codes have two spellings. */
const CODES: [meaning: Meaning, ...codes: string[]][] = [
  [busy("was not ready"), "111400026", "DCS.4026"],
  [busy("was not running"), "DCS.4049"],
  [busy("was recovering"), "111400104"],
  [busy("was restarting"), "111400111"],
  [busy("was being extended"), "111400113"],
  [busy("was being configured"), "111400114"],
  [busy("was changing its password"), "111400115"],
  [busy("was being upgraded"), "111400116"],
  [busy("was rolling back"), "111400117"],
  [busy("was being created"), "111400118"],
  [{ advice: "The instance refused the password. Correct `password`." }, "111400080", "DCS.4080"],
  [{ advice: "The instance has password-free access. Leave `password` out." }, "111400850"],
  [{ advice: "Check `projectId`." }, "111400002", "DCS.4002"],
  [WRONG_INSTANCE, "111400061", "DCS.4061"],
  [INVALID, "111400062", "DCS.4062", "111400063", "DCS.4063"],
  [GONE, "111404022", "DCS.3022"],
];
const BY_CODE = new Map(
  CODES.flatMap(([meaning, ...codes]) => codes.map((code): [string, Meaning] => [code, meaning])),
);

const INTERMEDIARY = {
  adviceAfterLogin:
    "Check that no proxy or gateway in between answers for the service, then run the same command again.",
};
const FORBIDDEN = { advice: "Grant the user or agency the IAM action `dcs:instance:webcli`." };
const SERVER_ERROR = { advice: "Run the same command again later." };
const UNEXPECTED = {
  advice: "The service rejected the request with an unexpected status. Check the endpoint.",
  ...INTERMEDIARY,
};

const BY_STATUS: Partial<Record<number, Meaning>> = {
  400: {
    advice:
      "The service rejected a value in the request. Check `instanceId`, `projectId`, `password`, and the command.",
    ...INTERMEDIARY,
  },
  401: {
    advice:
      "Check the credentials: `huaweicloud-sessions:accessKey` and `huaweicloud-sessions:secretKey`, or HW_ACCESS_KEY and " +
      "HW_SECRET_KEY. On destroy, Pulumi hands dynamic resources the stack configuration of the last `up`: set rotated keys in the environment, or run " +
      "`pulumi destroy --run-program`.",
  },
  403: FORBIDDEN,
  404: { advice: "There is no DCS API at that address. Check the endpoint or region.", ...INTERMEDIARY },
  408: {
    advice:
      "The server closed the connection before it had read the request. Run the same command again later.",
  },
  413: { advice: "The request is too large. Shorten the command or the password." },
  429: { advice: "The service is throttling requests. Run the same command again later." },
};

/** The statuses with which the codes above are documented; elsewhere a code decides nothing. */
const DOCUMENTED = new Set([400, 404]);

/** What an answer means, and whether its code says so. */
function interpret(
  { status, mayBeOfAnotherAccount }: AuthenticatedResponse,
  code: string,
): { meaning: Meaning; isByCode: boolean } {
  const byCode = DOCUMENTED.has(status) ? BY_CODE.get(code) : undefined;
  if (byCode === GONE && status !== 404) return { meaning: WRONG_INSTANCE, isByCode: true };
  if (byCode === GONE && mayBeOfAnotherAccount) return { meaning: NOT_SEEN, isByCode: true };
  if (byCode) return { meaning: byCode, isByCode: true };
  const byStatus = status >= 500 ? SERVER_ERROR : (BY_STATUS[status] ?? UNEXPECTED);
  return { meaning: byStatus, isByCode: false };
}

/**
 * A refusal as an error: what the server answered, and what it means for the caller. `project` tells which it was
 * about, and why.
 */
export function dcsError(response: AuthenticatedResponse, project?: string): RequestError {
  const { error_code, error_msg, request_id: requestId } = objectIn(response.body);
  const code = typeof error_code === "string" ? error_code : "";
  const { meaning, isByCode } = interpret(response, code);
  // What is known has a sentence of ours.
  const message = isByCode || response.status === 401 ? undefined : error_msg;
  const reason = describeAnswer(response, { code, message, requestId });
  const advice =
    meaning === FORBIDDEN && project ? `${meaning.advice} Check the project: ${project}.` : meaning.advice;
  return answerError(response, { ...meaning, reason, advice });
}
