import type { Deadline } from "../deadline";
import { RequestError } from "../errors";
import { fieldsOf, objectIn } from "../http/answers";
import { complete, type HttpClient, type HttpResponse } from "../http/http";
import { redactorOf } from "../http/redaction";
import type { FoundCredentials } from "./credentials";
import type { Gateway } from "./gateway";
import { type Advice, requireSuccess, unusable } from "./iam";
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
  const exchange = new TokenRequest(endpoint, context, [idToken]);
  const identity = { auth: { id_token: { id: idToken } } };
  const accepted = await exchange.post("/v3.0/OS-AUTH/id-token/tokens", { "X-Idp-Id": idpId }, identity, {
    401: `IAM refused the ID token. ${expiryOf(idToken)}`,
    403: "Check that the identity provider's conversion rules map this identity to a user group.",
    404: "IAM does not know this identity provider. Check its name.",
  });
  const token = accepted.headers["x-subject-token"];
  if (!token) throw unusable(accepted, "a token");
  const request = {
    auth: { identity: { methods: ["token"], token: { id: token, duration_seconds: LIFETIME_SECONDS } } },
  };
  exchange.secrets.push(token);
  const response = await exchange.post(SECURITY_TOKENS, {}, request, {
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
  { gateway, deadline }: { gateway: Gateway; deadline: Deadline },
): Promise<TemporaryCredentials | undefined> {
  const role = { agency_name: agencyName, ...domain, duration_seconds: seconds };
  const request = {
    method: "POST" as const,
    url: endpoint + SECURITY_TOKENS,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ auth: { identity: { methods: ["assume_role"], assume_role: role } } }),
    secrets: [],
    scope: endpoint,
    // A program has no say in this endpoint.
    acceptsFallbackToken: true,
  };
  return harmless(async () => {
    const response = await gateway.send(request, callers, deadline);
    if (!response) return undefined;
    requireSuccess(response, {
      401: "Check the credentials that are to assume the agency.",
      403: "Check that the agency trusts this account, and that the user may assume agencies (Agent Operator).",
      404: "Check the names of the agency and of the account that has it.",
    });
    return temporaryCredentialsIn(response);
  });
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

/** Requests whose body is the credential. */
class TokenRequest {
  constructor(
    private readonly endpoint: string,
    private readonly context: { http: HttpClient; deadline: Deadline },
    readonly secrets: string[],
  ) {}

  /** Resolves with an answer of success. */
  async post(path: string, headers: Record<string, string>, body: object, advice: Advice) {
    const { http, deadline } = this.context;
    const request = {
      method: "POST" as const,
      url: this.endpoint + path,
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    };
    return harmless(async () => {
      const received = await http.send({ ...request, ...deadline.limits });
      const response = { ...received, ...redactorOf(this.secrets) };
      requireSuccess(response, advice);
      return response;
    });
  }
}

/** No failure of such a call has done anything that matters, so all may be sent again. */
async function harmless<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof RequestError) || error.failure.retry === "never") throw error;
    throw new RequestError({ ...error.failure, retry: "always", mayHaveActed: false });
  }
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
