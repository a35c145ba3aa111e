import type { Deadline } from "../deadline";
import { RequestError } from "../errors";
import { describeAnswer, fieldsOf, objectIn } from "../http/answers";
import { complete, type HttpResponse, isSuccess, isTransient, retryAfterMs } from "../http/http";
import type { AuthenticatedResponse, FoundCredentials } from "./credentials";
import type { Gateway } from "./gateway";

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

/** What to do about a status, where that depends on the call. */
export type Advice = Partial<Record<number, string>>;

export function requireSuccess(response: AuthenticatedResponse, advice: Advice): void {
  if (isSuccess(response)) return;
  const { status } = response;
  const body = objectIn(response.body);
  const keystone = fieldsOf(body.error);
  const known = status === 401 || advice[status] !== undefined;
  const reason = describeAnswer(response, {
    code: body.error_code,
    message: known ? undefined : (body.error_msg ?? keystone.message),
    requestId: response.headers["x-iam-trace-id"] ?? body.request_id,
  });
  const transient = isTransient(response);
  throw new RequestError({
    reason,
    advice: advice[status] ?? (transient ? "Run the same command again later." : CHECK_ENDPOINT),
    retry: transient ? "always" : "never",
    retryAfterMs: retryAfterMs(response),
  });
}

/** An answer of success without what it is for. */
export function unusable({ request, status }: HttpResponse, what: string): RequestError {
  return new RequestError({
    reason: `${request} answered ${status} without ${what}`,
    advice: CHECK_ENDPOINT,
    retry: "never",
    mayHaveActed: false,
  });
}
