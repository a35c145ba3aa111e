import type { Deadline } from "../deadline";
import { complete, fieldsOf, objectIn } from "../http/answers";
import type { HttpClient } from "../http/http";
import type { HttpResponse } from "../http/messages";
import { redactorOf } from "../http/redaction";
import type { FoundCredentials } from "./credentials";
import type { Gateway } from "./gateway";
import { type Advice, askIam, requireSuccess, unusable } from "./iam";
import type { AccessKey } from "./signature";

/** An access key that ends by itself. */
export interface TemporaryCredentials {
  credentials: AccessKey;
  /** In milliseconds since the epoch. */
  expiresAt: number;
}

/** What an identity provider vouches for. */
export interface IdToken {
  /** The identity provider, as IAM knows it. */
  idpId: string;
  idToken: string;
}

/** What an account trusts another one's users to act as. */
export interface Agency {
  agencyName: string;
  /** The account that has the agency. */
  domain: { domain_id: string } | { domain_name: string };
  /** How long the credentials are good. */
  seconds: number;
}

const SECURITY_TOKENS = "/v3.0/OS-CREDENTIAL/securitytokens";

/** As the vendor's SDKs ask for: 6 hours. */
const LIFETIME_SECONDS = 21_600;

/**
 * Exchanges an ID token for an IAM token, and that for temporary credentials:
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_13_0606.html and
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_04_0002.html
 */
export async function exchangeIdToken(
  { idpId, idToken }: IdToken,
  endpoint: string,
  context: { http: HttpClient; deadline: Deadline },
): Promise<TemporaryCredentials> {
  const toToken = {
    url: `${endpoint}/v3.0/OS-AUTH/id-token/tokens`,
    headers: { "X-Idp-Id": idpId },
    body: { auth: { id_token: { id: idToken } } },
  };
  const accepted = await postToken(toToken, [idToken], context, {
    401: `IAM refused the ID token. ${expiryOf(idToken)}`,
    403: "Check that the identity provider's conversion rules map this identity to a user group.",
    404: "IAM does not know this identity provider. Check its name.",
  });
  const token = accepted.headers["x-subject-token"];
  if (!token) throw unusable(accepted, "a token");
  const identity = { methods: ["token"], token: { id: token, duration_seconds: LIFETIME_SECONDS } };
  const toKeys = { url: endpoint + SECURITY_TOKENS, body: { auth: { identity } } };
  const response = await postToken(toKeys, [idToken, token], context, {
    403: "Check which permissions the identity provider's conversion rules give to this identity.",
  });
  return temporaryCredentialsIn(response);
}

/**
 * The credentials of an agency, for the first callers that IAM knows; undefined where there are none:
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_04_0101.html
 */
export async function assumeAgency(
  { agencyName, domain, seconds }: Agency,
  endpoint: string,
  callers: AsyncIterable<FoundCredentials>,
  context: { gateway: Gateway; deadline: Deadline },
): Promise<TemporaryCredentials | undefined> {
  const role = { agency_name: agencyName, ...domain, duration_seconds: seconds };
  const body = { auth: { identity: { methods: ["assume_role"], assume_role: role } } };
  const response = await askIam({ endpoint, path: SECURITY_TOKENS, body }, callers, context, {
    401: "Check the credentials that are to assume the agency.",
    403: "Check that the agency trusts this account, and that the user may assume agencies (Agent Operator).",
    404: "Check the names of the agency and of the account that has it.",
  });
  return response && temporaryCredentialsIn(response);
}

/** Temporary credentials, as IAM and the metadata service answer them. */
export function temporaryCredentialsIn(response: HttpResponse): TemporaryCredentials {
  const { credential } = objectIn(complete(response).body);
  const { access, secret, securitytoken, expires_at: expiry } = fieldsOf(credential);
  const expiresAt = typeof expiry === "string" ? Date.parse(expiry) : Number.NaN;
  if (
    typeof access !== "string" ||
    typeof secret !== "string" ||
    typeof securitytoken !== "string" ||
    Number.isNaN(expiresAt)
  ) {
    throw unusable(response, "temporary credentials");
  }
  return { credentials: { accessKey: access, secretKey: secret, securityToken: securitytoken }, expiresAt };
}

/** Sends a request whose body is the credential. Resolves with an answer of success. */
async function postToken(
  { url, headers, body }: { url: string; headers?: Record<string, string>; body: object },
  secrets: string[],
  { http, deadline }: { http: HttpClient; deadline: Deadline },
  advice: Advice,
): Promise<HttpResponse> {
  const response = await http.send({
    method: "POST",
    url,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
    isHarmless: true,
    ...deadline.limits,
  });
  requireSuccess({ ...response, ...redactorOf(secrets) }, advice);
  return response;
}

/** When the token ended, if it is a JWT that tells: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4 */
function expiryOf(idToken: string): string {
  const { exp } = objectIn(Buffer.from(idToken.split(".")[1] ?? "", "base64url").toString("utf8"));
  const end = typeof exp === "number" ? new Date(exp * 1000) : undefined;
  if (end && end.getTime() <= Date.now()) {
    return `It expired at ${end.toISOString()}: have your identity provider issue a new one.`;
  }
  return "Check that it has not expired, and that the identity provider in IAM expects its issuer and audience.";
}
