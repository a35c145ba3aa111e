import { randomBytes } from "node:crypto";
import { ExpiringStore, MANY } from "../expiringStore";
import { type Call, header, json, type Reply, text } from "../http";
import { type Route, route } from "../router";
import type { Settings } from "../settings";
import type { Account, TemporaryKeys } from "./account";
import { keystoneError } from "./iam";

const MAX_TTL_SECONDS = 21_600;
const KEYS_LIFE = 60 * 60 * 1000;
/** New keys are there before the old ones end. */
const RENEW = 10 * 60 * 1000;

/** The metadata service that a cloud server finds at 169.254.169.254: the temporary keys of its agency. */
export class Metadata {
  private readonly tokens: ExpiringStore<true>;
  private keys: TemporaryKeys | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly account: Account,
  ) {
    this.tokens = new ExpiringStore(settings.clock, { max: MANY });
  }

  routes(): Route[] {
    return [
      route("PUT", "/meta-data/latest/api/token", "metadata.token", (call) => this.issueToken(call)),
      route("GET", "/openstack/latest/securitykey", "metadata.securityKey", (call) => this.showKeys(call)),
    ];
  }

  expireTokens(): void {
    this.tokens.expireAll();
  }

  private issueToken(call: Call): Reply {
    if (this.settings.metadataTokens === "none") return text(404, "Not Found\n");
    const ttl = Number(header(call, "x-metadata-token-ttl-seconds"));
    if (!Number.isInteger(ttl) || ttl < 1 || ttl > MAX_TTL_SECONDS) {
      return text(400, `X-Metadata-Token-Ttl-Seconds must be a whole number from 1 to ${MAX_TTL_SECONDS}.\n`);
    }
    const token = randomBytes(40).toString("base64url");
    this.tokens.add(token, true, ttl * 1000);
    return text(200, token);
  }

  private showKeys(call: Call): Reply {
    if (!this.isAdmitted(header(call, "x-metadata-token"))) {
      throw keystoneError(401, "Unauthorized", "The X-Metadata-Token is invalid.");
    }
    if (!this.settings.agency) {
      throw keystoneError(401, "Unauthorized", "Please configure Cloud Service Agency first");
    }
    if (!this.keys || this.keys.expiresAt - this.settings.clock() < RENEW) {
      this.keys = this.account.issueTemporaryKeys(KEYS_LIFE);
    }
    const { accessKey, secretKey, securityToken, expiresAt } = this.keys;
    const credential = { access: accessKey, secret: secretKey, securitytoken: securityToken };
    const expires = new Date(expiresAt).toISOString().replace(/\.\d+Z/, "Z");
    return json(200, { credential: { ...credential, expires_at: expires } });
  }

  private isAdmitted(token: string): boolean {
    const { metadataTokens } = this.settings;
    if (metadataTokens === "none") return true;
    return token === "" ? metadataTokens === "optional" : this.tokens.find(token) !== undefined;
  }
}
