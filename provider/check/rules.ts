import { X509Certificate } from "node:crypto";
import { isCookie } from "../api/cas/cookies";
import { commandProblem } from "../api/dcs/redis";
import { isClientId } from "../api/dcs/webCli";
import { serverUrlProblem } from "../api/http/serverUrl";
import { REGION } from "../config/endpoints";
import type { Rule } from "../definitions";

/** What is wrong with a value, as the rest of a sentence that begins with the argument's name. */
type Check = (value: string) => string | undefined;

const DCS_ENDPOINT = "https://dcs.REGION.myhuaweicloud.com";
const IAM_ENDPOINT = "https://iam.REGION.myhuaweicloud.com";
const CAS_URL = "https://HOST:20009/cas";

export const rules: Record<Rule, Check> = {
  id: matches(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/,
    "must be the ID from the console: 1 to 64 letters, digits, hyphens, or underscores",
  ),
  dcsEndpoint: serverUrl(DCS_ENDPOINT),
  iamEndpoint: serverUrl(IAM_ENDPOINT),
  region: matches(REGION, "must be the code of a region, such as eu-de or cn-north-4"),
  clientId: (value) => (isClientId(value) ? undefined : "must be the `client_id` that a login returned"),
  redisCommand: commandProblem,
  casUrl: serverUrl(CAS_URL),
  service: (value) =>
    !/\s/.test(value) && /^https?:/.test(value) && URL.canParse(value)
      ? undefined
      : "must be the URL of the application to log in to, such as https://HOST:28443/web/cas_security_check.htm",
  header: matches(/^[\x20-\x7e]+$/, "must be one line of printable ASCII characters"),
  cookie: (value) => (isCookie(value) ? undefined : "must be the cookie as NAME=VALUE, without attributes"),
  certificate: (value) =>
    isPem(value)
      ? undefined
      : "must be the text of one or more certificates in PEM format (-----BEGIN CERTIFICATE-----…), without a private key",
  fingerprint: (value) =>
    fingerprintIn(value) === undefined
      ? "must be a SHA-256 fingerprint: 64 hexadecimal digits, with or without colons"
      : undefined,
};

function matches(pattern: RegExp, problem: string): Check {
  return (value) => (pattern.test(value) ? undefined : problem);
}

function serverUrl(example: string): Check {
  return (value) => serverUrlProblem(value, example);
}

/** The hexadecimal digits of a fingerprint in one spelling; it may come as the whole line that openssl prints. */
export function fingerprintIn(value: string): string | undefined {
  const text = value.trim().replace(/^sha256 fingerprint=/i, "");
  return /^[0-9a-f]{2}(:?[0-9a-f]{2}){31}$/i.test(text) ? text.replaceAll(":", "").toLowerCase() : undefined;
}

/** Whether a text holds certificates in PEM, and no block of anything else, such as a private key. */
function isPem(text: string): boolean {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if ((text.match(/-----BEGIN /g) ?? []).length !== blocks.length) return false;
  try {
    for (const block of blocks) new X509Certificate(block);
    return blocks.length > 0;
  } catch {
    return false;
  }
}
