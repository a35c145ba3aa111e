import type { Deadline } from "../deadline";
import type { RequestError } from "../errors";
import {
  answerError,
  complete,
  describeAnswer,
  fieldsOf,
  isSuccess,
  isTransient,
  objectIn,
} from "../http/answers";
import type { HttpResponse } from "../http/messages";
import type { AuthenticatedResponse, FoundCredentials } from "./credentials";
import type { Gateway, UnsignedRequest } from "./gateway";

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
  context: { gateway: Gateway; deadline: Deadline },
): Promise<string[]> {
  const path = `/v3/projects?name=${encodeURIComponent(name)}`;
  const response = await askIam({ endpoint, path }, credentials, context, {
    401: "Check the credentials.",
    403: "Grant the user or agency the IAM action `iam:projects:listProjects`, or set the project ID.",
  });
  if (!response) return [];
  const { projects } = objectIn(complete(response).body);
  if (!Array.isArray(projects)) throw unusable(response, "a list of projects");
  return projects.map(fieldsOf).flatMap(({ id, name: found }) => {
    return found === name && typeof id === "string" && /^[\w-]{1,64}$/.test(id) ? [id] : [];
  });
}

/** What to do about a status, where that depends on the call. */
export type Advice = Partial<Record<number, string>>;

/** Sends a request with the first credentials that IAM knows. Resolves with nothing where there are none. */
export async function askIam(
  { endpoint, path, body }: { endpoint: string; path: string; body?: object },
  credentials: AsyncIterable<FoundCredentials>,
  { gateway, deadline }: { gateway: Gateway; deadline: Deadline },
  advice: Advice,
): Promise<AuthenticatedResponse | undefined> {
  const request: UnsignedRequest = {
    method: body ? "POST" : "GET",
    url: endpoint + path,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : "",
    secrets: [],
    scope: endpoint,
    // A program has no say in this endpoint.
    acceptsFallbackToken: true,
    isHarmless: true,
    deadline,
  };
  const response = await gateway.send(request, credentials);
  if (response) requireSuccess(response, advice);
  return response;
}

/** Throws where an answer is no success. */
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
  throw answerError(response, {
    reason,
    retry: isTransient(response) ? "always" : "never",
    advice: advice[status] ?? (isTransient(response) ? "Run the same command again later." : CHECK_ENDPOINT),
  });
}

/** An answer of success without what it is for. */
export function unusable(response: HttpResponse, what: string): RequestError {
  const { request, status } = response;
  return answerError(response, {
    reason: `${request} answered ${status} without ${what}`,
    advice: CHECK_ENDPOINT,
  });
}
