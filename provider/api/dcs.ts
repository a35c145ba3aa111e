import { type DcsError, dcsFailure } from "./dcsErrors";
import { meaningOf, RequestFailed, redact } from "./errors";
import { type Answer, retryAfterMs, send } from "./http";
import { authHeaders, type Keys, secretsOf, withKeys } from "./keys";
import type { Patience } from "./patience";
import { redisError } from "./redis";

/** Where a Web CLI is: the instance and the API that serves it. */
export interface Place {
  endpoint: string;
  projectId: string;
  instanceId: string;
}

/**
 * The Web CLI of one DCS instance:
 * https://support.huaweicloud.com/intl/en-us/api-dcs/LoginWebCli.html and its sisters.
 */
export class WebCli {
  constructor(
    private readonly place: Place,
    private readonly keySets: () => Iterable<Keys>,
    private readonly patience: Patience,
  ) {}

  /** Opens a session. `databases` stays out where the answer holds no whole number of them. */
  async logIn(password?: string): Promise<{ clientId: string; databases?: number }> {
    const { answer } = await this.call("auth", { password }, [password]);
    const { client_id: clientId, databases } = parsed(answer.body);
    if (typeof clientId !== "string" || clientId === "") {
      throw new RequestFailed({
        said: `${answer.request} answered ${answer.status} without a client_id`,
        advice: "Check that the endpoint is the DCS API. If a session was opened, its idle time-out ends it.",
        again: "never",
      });
    }
    return { clientId, databases: Number.isInteger(databases) ? Number(databases) : undefined };
  }

  /** Runs a Redis command in a session and resolves with its reply; a Redis error rejects. */
  async run(clientId: string, command: string, database?: number): Promise<string> {
    const body = { client_id: clientId, command, database };
    const { answer, secrets } = await this.call("command", body, [clientId]);
    const { response } = parsed(answer.body);
    if (response === undefined) {
      throw new RequestFailed({
        said: `${answer.request} answered ${answer.status} without a response`,
        advice: "Check that the endpoint is the DCS API.",
        again: "never",
      });
    }
    const reply = typeof response === "string" ? response : JSON.stringify(response);
    // Before it is cut to its length: half a secret is one as well.
    const failed = redisError(redact(reply, secrets));
    if (!failed) return reply;
    throw new RequestFailed({
      said: `Redis answered ${failed}`,
      advice: "Correct the command, or what it works on.",
      again: "never",
      meaning: "redis error",
    });
  }

  /** Whether a session is alive. Rejects where the service does not say. */
  async isAlive(clientId: string): Promise<boolean> {
    try {
      await this.run(clientId, "PING");
      return true;
    } catch (error) {
      const meaning = meaningOf(error);
      // A Redis that refuses PING was still asked through a session that exists.
      if (meaning === "redis error") return true;
      if (meaning === "invalid parameter" || meaning === "instance gone") return false;
      throw error;
    }
  }

  /** Asks to end a session. */
  async logOut(clientId: string): Promise<void> {
    await this.call("logout", { client_id: clientId }, [clientId]);
  }

  /** Resolves with an answer of success, and with all that was sent and must not be shown. */
  private async call(
    what: string,
    body: object,
    sent: (string | undefined)[],
  ): Promise<{ answer: Answer; secrets: (string | undefined)[] }> {
    const used: Keys[] = [];
    const answer = await withKeys(this.keySets(), this.patience.pace.keysMs, async (keys) => {
      used.push(keys);
      const given = await this.post(what, JSON.stringify(body), keys);
      // A refusal is shown to later calls too, which don't know what this one sent.
      return given.status === 401
        ? { ...given, body: redact(given.body, [...sent, ...secretsOf(keys)]) }
        : given;
    });
    if (!answer) throw noKeysLeft();
    const secrets = [...sent, ...used.flatMap(secretsOf)];
    if (answer.status === 200 || answer.status === 204) return { answer, secrets };
    throw dcsFailure(answer, parsed(answer.body), retryAfterMs(answer), secrets);
  }

  private post(what: string, body: string, keys: Keys): Promise<Answer> {
    const { endpoint, projectId, instanceId } = this.place;
    const request = {
      method: "POST" as const,
      url: `${endpoint}/v2/${projectId}/instances/${instanceId}/webcli/${what}`,
      headers: { "Content-Type": "application/json", "X-Project-Id": projectId },
      body,
    };
    return send({
      ...request,
      headers: { ...request.headers, ...authHeaders(request, keys) },
      timeoutMs: this.patience.answerMs,
      silenceMs: this.patience.pace.silenceMs,
    });
  }
}

/** The object that a body holds; an empty one where it holds none. */
function parsed(body: string): DcsError & Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function noKeysLeft(): RequestFailed {
  return new RequestFailed({
    said: "no request was sent, because there are no keys",
    advice:
      "Set huaweicloud:accessKey and huaweicloud:secretKey, or HW_ACCESS_KEY and HW_SECRET_KEY; " +
      "for a destroy only the environment counts.",
    again: "never",
  });
}
