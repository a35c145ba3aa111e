import type { Deadline } from "../deadline";
import { type Liveness, meaningOf, RequestError, type Retry } from "../errors";
import { complete, isSuccess, objectIn } from "../http/answers";
import type { HttpResponse } from "../http/messages";
import type { AuthenticatedResponse, FoundCredentials } from "../iam/credentials";
import type { Gateway } from "../iam/gateway";
import { dcsError } from "./errors";
import { redisError } from "./redis";

/** A DCS instance, and the API that serves it. */
export interface DcsInstance {
  endpoint: string;
  projectId: string;
  instanceId: string;
}

/** What the service answered to a login. */
export interface WebCliLogin {
  clientId: string;
  databases?: number;
  /** Why the session can't be used, although it is open. */
  problem?: RequestError;
}

/** Credentials for the API, in the order in which they are tried. */
export interface CredentialSource {
  find(endpoint: string, deadline: Deadline): AsyncIterable<FoundCredentials>;
  /** Whether an endpoint may get a token that was not meant for it alone, when other credentials were refused. */
  trustsWithTokens(endpoint: string): boolean;
  /** Why it is this project. */
  originOf(projectId: string): string;
  /** What to tell where there are none. */
  missingCredentials(): Missing;
}

/** What is not set, and how to set it. */
export interface Missing {
  name: string;
  problem: string;
}

/**
 * The Web CLI of one DCS instance:
 * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html and its sisters.
 */
export class WebCli {
  constructor(
    private readonly instance: DcsInstance,
    private readonly credentials: CredentialSource,
    private readonly gateway: Gateway,
    private readonly deadline: Deadline,
  ) {}

  /** Opens a session. */
  async logIn(password?: string): Promise<WebCliLogin> {
    const response = await this.call("auth", { password }, [password], true);
    const { client_id: clientId, databases } = objectIn(response.body);
    const received = typeof clientId === "string" ? clientId : clientIdIn(response.body);
    if (!received) throw response.bodyError ?? notFromApi(response, "without a client_id", "never");
    const usable = isClientId(received) && Number.isInteger(databases) && !response.bodyError;
    return usable
      ? { clientId: received, databases: Number(databases) }
      : { clientId: received, problem: unusableLogin(response, received) };
  }

  /** Runs a Redis command in a session and resolves with its reply; a Redis error rejects. */
  async run(clientId: string, command: string, database?: number): Promise<string> {
    const body = { client_id: clientId, command, database };
    const secrets = [clientId, command, ...argumentsOf(command)];
    const response = complete(await this.call("command", body, secrets, command !== "PING"));
    const text = replyIn(response);
    const failed = redisError(text);
    if (!failed) return text;
    throw new RequestError({
      reason: `Redis answered ${failed}`,
      advice: "Correct the command, or the data that it works on.",
      retry: "never",
      meaning: "redis error",
    });
  }

  /** Whether a session is alive, by a PING in it. Rejects where the service does not tell. */
  async probe(clientId: string): Promise<Exclude<Liveness, "unknown">> {
    try {
      await this.run(clientId, "PING");
      return "alive";
    } catch (error) {
      const meaning = meaningOf(error);
      // A Redis that refuses PING was still reached through a session that exists.
      if (meaning === "redis error") return "alive";
      if (meaning === "invalid parameter" || meaning === "instance gone") return "dead";
      throw error;
    }
  }

  /** Ends a session. Resolves only with evidence that it has ended, and says which. */
  async logOut(clientId: string): Promise<string> {
    let failed: RequestError;
    let answered: string;
    try {
      const { status, request } = await this.call("logout", { client_id: clientId }, [clientId], false);
      answered = `its logout was answered by ${status}`;
      if (status === 204) return answered;
      failed = unclearLogout(`${request} answered ${status}`);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error.failure.meaning === "instance gone") return "its instance no longer exists";
      if (error.failure.meaning !== "invalid parameter") throw error;
      answered = 'its logout was answered by "invalid parameter"';
      failed = stillAlive(error);
    }
    // Only a 204 is documented as success, and no document says whether "invalid parameter" is about the client ID or
    // about the request.
    if ((await this.probe(clientId)) === "alive") throw failed;
    return `${answered}, and a PING found no session`;
  }

  /** Resolves with an answer of success. */
  private async call(
    action: "auth" | "command" | "logout",
    body: object,
    secrets: readonly (string | undefined)[],
    once: boolean,
  ): Promise<AuthenticatedResponse> {
    const { endpoint, projectId, instanceId } = this.instance;
    const request = {
      method: "POST" as const,
      url: `${endpoint}/v2/${projectId}/instances/${instanceId}/webcli/${action}`,
      headers: { "Content-Type": "application/json", "X-Project-Id": projectId },
      body: JSON.stringify(body),
      secrets,
      scope: `${endpoint} ${projectId}`,
      acceptsFallbackToken: this.credentials.trustsWithTokens(endpoint),
      isLogin: action === "auth",
      once,
      deadline: this.deadline,
    };
    const response = await this.gateway.send(request, this.credentials.find(endpoint, this.deadline));
    if (!response) throw noCredentials(this.credentials.missingCredentials());
    if (isSuccess(response)) return response;
    const project = `${projectId}, ${this.credentials.originOf(projectId)}`;
    throw dcsError(response, project);
  }
}

/** Without those of three characters and less, which are in many request IDs by chance. */
function argumentsOf(command: string): string[] {
  const [, ...all] = command.trim().split(/\s+/);
  return all.filter((argument) => argument.length > 3);
}

function replyIn(response: HttpResponse): string {
  const reply = objectIn(response.body).response;
  if (reply === undefined) throw notFromApi(response, "without a response", "idempotent");
  try {
    return typeof reply === "string" ? reply : JSON.stringify(reply);
  } catch {
    // Nested too deeply: https://developer.mozilla.org/docs/Web/JavaScript/Reference/Errors/Too_much_recursion
    throw notFromApi(response, "with a response that can't be read", "idempotent");
  }
}

/** An answer of success that the DCS API does not give. */
function notFromApi({ request, status }: HttpResponse, flaw: string, retry: Retry): RequestError {
  return new RequestError({
    reason: `${request} answered ${status} ${flaw}`,
    advice: "Check that the endpoint is the DCS API.",
    retry,
    mayHaveActed: true,
  });
}

/** The client ID in an answer that is no JSON, such as one that broke off after it. */
function clientIdIn(body: string): string | undefined {
  return /"client_id"\s*:\s*"([^"\\]{1,4096})"/.exec(body)?.[1];
}

/** What can be sent back as it came: short, and of visible ASCII. */
export function isClientId(clientId: string): boolean {
  return /^[\x21-\x7e]{1,512}$/.test(clientId);
}

function unusableLogin(response: AuthenticatedResponse, clientId: string): RequestError {
  const flaw = response.bodyError
    ? "but its answer broke off"
    : isClientId(clientId)
      ? "without the number of databases"
      : "with a client_id that can't be sent back";
  return new RequestError({
    reason: `${response.request} answered ${response.status}, ${flaw}`,
    advice: "Check that the endpoint is the DCS API, then run the same command again.",
    retry: "never",
  });
}

function unclearLogout(answered: string): RequestError {
  return new RequestError({
    reason: `${answered} in place of 204, and the session still answers a PING`,
    advice: "Check what stands between this machine and the DCS API, then run the same command again.",
    retry: "idempotent",
  });
}

function stillAlive({ failure }: RequestError): RequestError {
  return new RequestError({
    ...failure,
    reason: `${failure.reason}, and the session still answers a PING`,
    advice: "Run the same command again later, or after the session's idle timeout (5 to 15 minutes).",
    meaning: undefined,
  });
}

function noCredentials({ name, problem }: Missing): RequestError {
  return new RequestError({
    reason: "no request was sent, because no credentials were found",
    advice:
      `\`${name}\` ${problem}. ` +
      "On destroy, Pulumi uses the stack configuration of the last `up`; the environment and the profile file are read again.",
    retry: "never",
  });
}
