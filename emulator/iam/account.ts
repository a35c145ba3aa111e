import { randomAccessKey, randomSecretKey, randomToken } from "../credentials";
import { ExpiringStore, MANY } from "../expiringStore";
import type { Settings } from "../settings";
import { sameText } from "./signature";

/** Keys that requests are signed with; temporary ones have a security token and an end. */
export interface Keys {
  accessKey: string;
  secretKey: string;
  securityToken?: string;
  expiresAt?: number;
  /** They belong to another account. */
  foreign?: true;
}

export interface TemporaryKeys extends Keys {
  securityToken: string;
  expiresAt: number;
}

const TOKEN_LIFE = 24 * 60 * 60 * 1000;

/** The account: its keys and tokens, those that never expire and those that do, and keys of other accounts. */
export class Account {
  private permanent: Keys;
  private readonly temporary = new Map<string, TemporaryKeys>();
  private readonly foreign = new Map<string, Keys>();
  /** Tokens that IAM gave for an ID token. They belong to no project, so only IAM takes them. */
  private readonly iamTokens: ExpiringStore<true>;

  constructor(private readonly settings: Settings) {
    const { accessKey, secretKey, securityToken } = settings;
    this.permanent = { accessKey, secretKey, securityToken };
    this.iamTokens = new ExpiringStore(settings.clock, { maxAge: TOKEN_LIFE, max: MANY });
  }

  get keys(): Keys {
    return this.permanent;
  }

  /** Keys that are or were good; the caller checks whether they have expired. */
  findKeys(accessKey: string): Keys | undefined {
    return accessKey === this.permanent.accessKey
      ? this.permanent
      : (this.temporary.get(accessKey) ?? this.foreign.get(accessKey));
  }

  makeForeignKeys(): { accessKey: string; secretKey: string } {
    const keys = { accessKey: randomAccessKey(), secretKey: randomSecretKey() };
    this.foreign.set(keys.accessKey, { ...keys, foreign: true });
    return keys;
  }

  rotateKeys(): { accessKey: string; secretKey: string } {
    const fresh = { accessKey: randomAccessKey(), secretKey: randomSecretKey() };
    this.permanent = { ...this.permanent, ...fresh };
    return fresh;
  }

  issueTemporaryKeys(lifetime: number): TemporaryKeys {
    const keys = {
      accessKey: `HST${randomAccessKey().slice(3)}`,
      secretKey: randomSecretKey(),
      securityToken: randomToken(),
      expiresAt: this.settings.clock() + (this.settings.temporaryKeyLifetime ?? lifetime),
    };
    this.temporary.set(keys.accessKey, keys);
    const [oldest] = this.temporary.keys();
    if (oldest !== undefined && this.temporary.size > MANY) this.temporary.delete(oldest);
    return keys;
  }

  expireTemporaryKeys(): void {
    for (const keys of this.temporary.values()) keys.expiresAt = this.settings.clock();
    this.iamTokens.expireAll();
  }

  issueIamToken(): { token: string; expiresAt: number } {
    const token = randomToken();
    this.iamTokens.add(token, true);
    return { token, expiresAt: this.settings.clock() + TOKEN_LIFE };
  }

  /** Whether a token is good for the project. */
  isProjectToken(token: string): boolean {
    return sameText(token, this.settings.authToken);
  }

  /** Whether a token is good at IAM. */
  isIamToken(token: string): boolean {
    return this.isProjectToken(token) || this.iamTokens.find(token) !== undefined;
  }
}
