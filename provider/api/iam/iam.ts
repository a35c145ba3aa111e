import type { Deadline } from "../deadline";
import { RequestError } from "../errors";
import { describeAnswer, fieldsOf, objectIn } from "../http/answers";
import { complete, type HttpClient, isSuccess, isTransient, retryAfterMs } from "../http/http";
import { redactorOf } from "../http/redaction";
import type { FoundCredentials } from "./credentials";
import { type AuthenticatedResponse, type Gateway, withProblem } from "./gateway";
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

/** As the vendor's SDKs ask for: 6 hours. */
const LIFETIME_SECONDS = 21_600;

const CHECK_ENDPOINT =
  "Check the region, and the IAM endpoint where `huaweicloud-sessions:iamEndpoint` or HUAWEICLOUD_SDK_IAM_ENDPOINT sets it.";

/**
 * The IDs of the projects with a name. The project that a region comes with is named like it:
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_06_0001.html
 */
export async function findProjects(
  name: string,
  endpoint: string,
  credentials: AsyncIterable<FoundCredentials>,
  { gateway, deadline }: { gateway: Gateway; deadline: Deadline },
): Promise<string[]> {
  const request = {
    method: "GET" as const,
    url: `${endpoint}/v3/projects?name=${encodeURIComponent(name)}`,
    headers: {},
    body: "",
    secrets: [],
    scope: endpoint,
    // A program has no say in this endpoint.
    acceptsFallbackToken: true,
  };
  const response = await gateway.send(request, credentials, deadline);
  if (!response) return [];
  requireSuccess(response, {
    401: "Check the credentials.",
    403: "Grant the user or agency the IAM action `iam:projects:listProjects`, or set the project ID.",
  });
  const { projects } = objectIn(complete(response).body);
  if (!Array.isArray(projects)) throw unusable(response, "a list of projects");
  return projects.map(fieldsOf).flatMap(({ id, name: found }) => {
    return found === name && typeof id === "string" && /^[\w-]{1,64}$/.test(id) ? [id] : [];
  });
}

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
  const response = await exchange.post("/v3.0/OS-CREDENTIAL/securitytokens", {}, request, {
    403: "Check which permissions the identity provider's conversion rules give to this identity.",
  });
  return temporaryCredentialsIn(response);
}

/** Temporary credentials, as IAM and the metadata service answer them. */
export function temporaryCredentialsIn(response: AuthenticatedResponse): TemporaryCredentials {
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

  /** Resolves with an answer of success. No failure has done anything that matters, so all may be sent again. */
  async post(path: string, headers: Record<string, string>, body: object, advice: Advice) {
    const { http, deadline } = this.context;
    const request = {
      method: "POST" as const,
      url: this.endpoint + path,
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    };
    try {
      const received = await http.send({ ...request, ...deadline.limits });
      const response = { ...received, ...redactorOf(this.secrets) };
      requireSuccess(response, advice);
      return response;
    } catch (error) {
      if (!(error instanceof RequestError) || error.failure.retry === "never") throw error;
      throw new RequestError({ ...error.failure, retry: "always", mayHaveActed: false });
    }
  }
}

/** What to do about a status, where that depends on the call. */
type Advice = Partial<Record<number, string>>;

function requireSuccess(response: AuthenticatedResponse, advice: Advice): void {
  if (isSuccess(response)) return;
  const { status } = response;
  const body = objectIn(response.body);
  const keystone = fieldsOf(body.error);
  const known = status === 401 || advice[status] !== undefined;
  const answered = describeAnswer(response, {
    code: body.error_code,
    message: known ? undefined : (body.error_msg ?? keystone.message),
    requestId: response.headers["x-iam-trace-id"] ?? body.request_id,
  });
  const transient = isTransient(response);
  throw new RequestError({
    reason: answered + withProblem(response),
    advice: advice[status] ?? (transient ? "Run the same command again later." : CHECK_ENDPOINT),
    retry: transient ? "always" : "never",
    retryAfterMs: retryAfterMs(response),
  });
}

function unusable({ request, status }: AuthenticatedResponse, what: string): RequestError {
  return new RequestError({
    reason: `${request} answered ${status} without ${what}`,
    advice: CHECK_ENDPOINT,
    retry: "never",
    mayHaveActed: false,
  });
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
