/** Codes of DCS in either spelling, of the gateway, and of IAM. */
const CODE = /^((?:DCS|APIGW|APIG|IAM)\.\d{4}|111\d{6})$/;

/** IAM puts the kind of token and the region before it. */
const REQUEST_ID = /^(?:\w+_[\w-]+_null_)?([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/** A part of a secret that is this long tells enough of it. */
const FRAGMENT = 8;

/**
 * Messages that the services document, each up to where it may go on with what was sent:
 * https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html,
 * https://support.huaweicloud.com/intl/en-us/api-dcs/ErrorCode.html and
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_02_0006.html
 */
const DOCUMENTED_MESSAGES = [
  "The API does not exist",
  "The backend does not exist",
  "API request error",
  "Request entity too large",
  "Request URI too large",
  "Backend unavailable",
  "Backend timeout",
  "Incorrect IAM authentication information",
  "The IAM user is not authorized to access the API",
  "API access denied",
  "The throttling threshold has been reached",
  "Internal server error",
  "Empty request body",
  "The message body contains invalid characters or is not in JSON format",
  "This tenant has read permissions only and cannot perform this operation",
  "This role does not have the permissions to perform this operation",
  "The requested URL does not exist",
  "This request method is not allowed",
  "Internal service error",
  "Request body is invalid",
  "Could not find identity_provider",
  "You are not authorized to perform the requested action",
  "The request you have made requires authentication",
];

/** A server's message where it is a documented one. Any other text can repeat what was sent, in any spelling. */
export function documentedMessage(text: unknown): string {
  return typeof text === "string" ? knownBeginning(text, DOCUMENTED_MESSAGES) : "";
}

/** The text of a list with which a server's text begins, in any case; empty where it begins otherwise. */
export function knownBeginning(text: string, known: readonly string[]): string {
  const beginning = text.trimStart().slice(0, 100).toLowerCase();
  return known.find((one) => beginning.startsWith(one.toLowerCase())) ?? "";
}

/** A text of a server that was sent no secret, without control characters and those that change its direction. */
export function oneLine(text: string): string {
  return text
    .slice(0, 80)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, " ")
    .replace(/ {2,}/g, " ")
    .trim();
}

/** What of an answer may be shown, beside its message. */
export interface Redactor {
  /** A code, empty where it does not look like one or repeats a secret. */
  showCode(code: unknown): string;
  /** The ID of a request, empty where it does not look like one or repeats a secret. */
  showRequestId(id: unknown): string;
}

export function redactorOf(secrets: readonly (string | undefined)[]): Redactor {
  const known = secrets.flatMap((secret) => (secret ? secret.toLowerCase() : []));
  const holdsSecret = (text: string) => known.some((secret) => text.includes(secret));
  const holdsPart = (text: string) =>
    partsOf(text).some((part) => known.some((secret) => secret.includes(part)));
  return {
    showCode(code) {
      const shown = matchOf(code, CODE);
      return holdsSecret(shown.toLowerCase()) ? "" : shown;
    },
    showRequestId(id) {
      const shown = matchOf(id, REQUEST_ID);
      const digits = shown.toLowerCase();
      // Such digits can also spell a text.
      const spelled = Buffer.from(digits.replaceAll("-", ""), "hex").toString("utf8").toLowerCase();
      return [digits, spelled].some((text) => holdsSecret(text) || holdsPart(text)) ? "" : shown;
    },
  };
}

/** The first group of a pattern that a value matches as a whole. */
function matchOf(value: unknown, pattern: RegExp): string {
  return (typeof value === "string" && pattern.exec(value)?.[1]) || "";
}

/** All parts of a text that are so long that they tell enough of a secret. */
function partsOf(text: string): string[] {
  const count = Math.max(0, text.length - FRAGMENT + 1);
  return Array.from({ length: count }, (_, at) => text.slice(at, at + FRAGMENT));
}
