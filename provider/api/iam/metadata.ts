import { RequestError } from "../errors";
import { answerError, complete } from "../http/answers";
import type { HttpClient } from "../http/http";
import type { HttpResponse } from "../http/messages";
import { type TemporaryCredentials, temporaryCredentialsIn } from "./temporaryCredentials";

const TOKEN_PATH = "/meta-data/latest/api/token";
const CREDENTIALS_PATH = "/openstack/latest/securitykey";
const TOKEN_LIFETIME_SECONDS = "21600";

/** How a metadata service says that it hands out no tokens, as the vendor's SDKs read it. */
const WITHOUT_TOKENS = [404, 405, 503];

/**
 * The metadata service of a cloud server, which hands out temporary credentials of the server's agency:
 * https://support.huaweicloud.com/intl/en-us/usermanual-ecs/ecs_03_0166.html
 */
export class MetadataService {
  private token?: string;
  /** Why this machine gets no credentials here, which does not change while the process lives. */
  private refusal?: RequestError;

  constructor(
    private readonly endpoint: string,
    private readonly http: HttpClient,
    /** For each request, in milliseconds; what is next to the machine answers at once. */
    private readonly timeout = 3_000,
  ) {}

  async fetchCredentials(): Promise<TemporaryCredentials> {
    if (this.refusal) throw this.refusal;
    try {
      return await this.fetch();
    } catch (error) {
      if (error instanceof RequestError && error.failure.retry === "never") this.refusal = error;
      throw error;
    }
  }

  private async fetch(): Promise<TemporaryCredentials> {
    this.token ??= await this.fetchToken();
    let response = await this.fetchKey();
    if (response.status === 401 && !lacksAgency(response)) {
      // The token is stale.
      this.token = await this.fetchToken();
      response = await this.fetchKey();
    }
    if (response.status !== 200) throw refused(response);
    return temporaryCredentialsIn(response);
  }

  private async fetchToken(): Promise<string | undefined> {
    const response = await this.send("PUT", TOKEN_PATH, {
      "X-Metadata-Token-Ttl-Seconds": TOKEN_LIFETIME_SECONDS,
    }).catch(notThere);
    if (WITHOUT_TOKENS.includes(response.status)) return undefined;
    const token = response.body.trim();
    if (response.status !== 200 || !/^[\x21-\x7e]{1,4096}$/.test(token)) throw refused(response);
    return token;
  }

  private fetchKey(): Promise<HttpResponse> {
    return this.send("GET", CREDENTIALS_PATH, this.token ? { "X-Metadata-Token": this.token } : {});
  }

  private async send(method: "GET" | "PUT", path: string, headers: Record<string, string>) {
    const limits = { requestTimeout: this.timeout, idleTimeout: this.timeout };
    return complete(await this.http.send({ method, url: this.endpoint + path, headers, ...limits }));
  }
}

function lacksAgency({ status, body }: HttpResponse): boolean {
  return status === 401 && body.includes("Please configure Cloud Service Agency first");
}

function notThere(error: unknown): never {
  if (!(error instanceof RequestError)) throw error;
  throw new RequestError({ reason: "no answer", advice: "", retry: "never" });
}

function refused(response: HttpResponse): RequestError {
  const reason = lacksAgency(response)
    ? "this server has no agency; assign one to it in the ECS console"
    : `${response.request} answered ${response.status}`;
  return answerError(response, { reason, advice: "" });
}
