import { type Call, type Fields, header, isFields, json, jsonObject, Refusal, type Reply } from "../http";
import { type Route, route } from "../router";
import type { Settings } from "../settings";
import type { Account } from "./account";
import type { Gateway, Proof } from "./gateway";
import { sameText } from "./signature";

const MIN_DURATION_SECONDS = 900;
const MAX_DURATION_SECONDS = 86_400;

/**
 * The calls of IAM that find a project and exchange tokens:
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_06_0001.html,
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_13_0606.html,
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_04_0002.html and
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_04_0101.html.
 */
export class Iam {
  constructor(
    private readonly settings: Settings,
    private readonly account: Account,
    private readonly gateway: Gateway,
  ) {}

  routes(): Route[] {
    // The vendor's Go SDK refuses the answer to an ID token that lacks the first.
    const ids = { requestIdHeaders: ["X-Request-Id", "X-IAM-Trace-Id"] };
    const [tokens, keys] = ["/v3.0/OS-AUTH/id-token/tokens", "/v3.0/OS-CREDENTIAL/securitytokens"] as const;
    return [
      route("GET", "/v3/projects", "iam.projects", (call) => this.listProjects(call), ids),
      route("POST", tokens, "iam.idToken", (call) => this.exchangeIdToken(call), ids),
      route("POST", keys, "iam.securityTokens", (call) => this.issueKeys(call), ids),
    ];
  }

  private listProjects(call: Call): Reply {
    const isForeign = this.authenticate(call) === "foreign keys";
    const name = call.query.get("name");
    const projects = (isForeign ? [] : this.settings.projectIds).map((id) => ({
      id,
      name: this.settings.region,
      description: "",
      domain_id: this.settings.domainId,
      parent_id: this.settings.domainId,
      is_domain: false,
      enabled: true,
    }));
    return json(200, {
      links: { self: null, previous: null, next: null },
      projects: projects.filter((project) => name === null || project.name === name),
    });
  }

  private exchangeIdToken(call: Call): Reply {
    const idToken = field(field(jsonObject(call.body), "auth"), "id_token");
    const id = idToken?.id;
    if (typeof id !== "string") throw iamError(400, "IAM.0011", "Request body is invalid.");
    const idp = header(call, "x-idp-id");
    if (idp !== this.settings.idpId) {
      throw iamError(404, "IAM.0004", `Could not find identity_provider: ${idp}.`);
    }
    if (!sameText(id, this.settings.idToken) || this.hasExpired(id)) {
      throw iamError(401, "IAM.0001", "The request you have made requires authentication.");
    }
    const { token, expiresAt } = this.account.issueIamToken();
    const body = { token: { methods: ["mapped"], expires_at: micros(expiresAt) } };
    return { ...json(201, body), headers: { "Content-Type": "application/json", "X-Subject-Token": token } };
  }

  private issueKeys(call: Call): Reply {
    const identity = field(field(jsonObject(call.body), "auth"), "identity");
    const methods = Array.isArray(identity?.methods) ? identity.methods : [];
    const method = ["token", "assume_role"].find((known) => methods.includes(known));
    if (!method) throw keystoneError(400, "Bad Request", "methods must hold token or assume_role.");
    const details = field(identity, method) ?? {};
    if (method === "token") {
      this.checkToken(typeof details.id === "string" ? details.id : header(call, "x-auth-token"));
    } else {
      const proof = this.authenticate(call);
      this.checkAgency(details);
      if (proof === "foreign keys")
        throw keystoneError(403, "Forbidden", "The agency trusts another account.");
    }
    const { duration_seconds: duration = MIN_DURATION_SECONDS } = details;
    if (typeof duration !== "number" || duration < MIN_DURATION_SECONDS || duration > MAX_DURATION_SECONDS) {
      throw keystoneError(400, "Bad Request", "duration_seconds must be between 900 and 86400.");
    }
    const { accessKey, secretKey, securityToken, expiresAt } = this.account.issueTemporaryKeys(
      duration * 1000,
    );
    const credential = { access: accessKey, secret: secretKey, securitytoken: securityToken };
    return json(201, { credential: { ...credential, expires_at: micros(expiresAt) } });
  }

  private authenticate(call: Call): Proof {
    if (call.headers.authorization !== undefined) return this.gateway.verifySignature(call);
    this.checkToken(header(call, "x-auth-token"));
    return "token";
  }

  /** The only account delegates to itself. */
  private checkAgency({ agency_name: agency, domain_name: name, domain_id: id }: Fields): void {
    if (typeof agency !== "string" || agency === "") {
      throw keystoneError(400, "Bad Request", "agency_name is required.");
    }
    if (typeof name !== "string" && typeof id !== "string") {
      throw keystoneError(400, "Bad Request", "domain_id or domain_name is required.");
    }
    if (id !== undefined && id !== this.settings.domainId) {
      throw keystoneError(404, "Not Found", `Could not find domain: ${String(id)}.`);
    }
    const { agencies } = this.settings;
    if (agencies !== "any" && !agencies.includes(agency)) {
      throw keystoneError(404, "Not Found", `Could not find agency: ${agency}.`);
    }
  }

  private checkToken(token: string): void {
    if (token === "") {
      throw keystoneError(401, "Unauthorized", "The request you have made requires authentication.");
    }
    if (!this.account.isIamToken(token)) {
      throw keystoneError(401, "Unauthorized", "The X-Auth-Token is invalid!");
    }
  }

  /** An ID token that is no JWT never expires. */
  private hasExpired(idToken: string): boolean {
    const payload = jsonObject(Buffer.from(idToken.split(".")[1] ?? "", "base64url"));
    return typeof payload?.exp === "number" && payload.exp * 1000 <= this.settings.clock();
  }
}

function field(fields: Fields | undefined, name: string): Fields | undefined {
  const value = fields?.[name];
  return isFields(value) ? value : undefined;
}

/** IAM has two formats of errors: that of its own API (v3.0), and that of OpenStack Keystone (v3). */
function iamError(status: number, code: string, message: string): Refusal {
  return new Refusal(json(status, { error_msg: message, error_code: code }));
}

export function keystoneError(code: number, title: string, message: string): Refusal {
  return new Refusal(json(code, { error: { code, message, title } }));
}

/** A time as IAM writes it, with six decimals. */
function micros(at: number): string {
  return new Date(at).toISOString().replace("Z", "000Z");
}
