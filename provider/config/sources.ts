import { RequestError } from "../api/errors";
import type { Credentials, FoundCredentials } from "../api/iam/credentials";
import type { Setting } from "./files";
import { readProfile } from "./profile";

/** The stack's configuration, as `configure` gets it, with secrets in plain text. */
export interface StackConfig {
  get(key: string): string | undefined;
}

/** What can be set, and under which name in one source. */
export type Names = Partial<Record<SettingName, string>> & { accessKey: string; secretKey: string };

export type SettingName =
  | "authToken"
  | "accessKey"
  | "secretKey"
  | "securityToken"
  | "idpId"
  | "idTokenFile"
  | "projectId"
  | "region"
  | "dcsEndpoint"
  | "iamEndpoint";

const OURS: Names = {
  authToken: "huaweicloud-sessions:authToken",
  accessKey: "huaweicloud-sessions:accessKey",
  secretKey: "huaweicloud-sessions:secretKey",
  securityToken: "huaweicloud-sessions:securityToken",
  projectId: "huaweicloud-sessions:projectId",
  region: "huaweicloud-sessions:region",
  dcsEndpoint: "huaweicloud-sessions:dcsEndpoint",
  iamEndpoint: "huaweicloud-sessions:iamEndpoint",
};

/**
 * What the bridged provider keeps. It refuses keys that it does not know, so none of ours is looked for here:
 * https://github.com/huaweicloud/pulumi-huaweicloud/blob/main/sdk/nodejs/config/vars.ts
 */
const BRIDGE: Names = {
  authToken: "huaweicloud:token",
  accessKey: "huaweicloud:accessKey",
  secretKey: "huaweicloud:secretKey",
  securityToken: "huaweicloud:securityToken",
  projectId: "huaweicloud:projectId",
  region: "huaweicloud:region",
  dcsEndpoint: "huaweicloud:endpoints.dcs",
  iamEndpoint: "huaweicloud:endpoints.iam",
};

const terraform = (prefix: "HW" | "OS"): Names => ({
  authToken: `${prefix}_AUTH_TOKEN`,
  accessKey: `${prefix}_ACCESS_KEY`,
  secretKey: `${prefix}_SECRET_KEY`,
  securityToken: `${prefix}_SECURITY_TOKEN`,
  projectId: `${prefix}_PROJECT_ID`,
  region: `${prefix}_REGION_NAME`,
});

/** In the order in which they are asked. */
const ENVIRONMENT: readonly Names[] = [
  { accessKey: "CLOUD_SDK_AK", secretKey: "CLOUD_SDK_SK" },
  {
    accessKey: "HUAWEICLOUD_SDK_AK",
    secretKey: "HUAWEICLOUD_SDK_SK",
    securityToken: "HUAWEICLOUD_SDK_SECURITY_TOKEN",
    idpId: "HUAWEICLOUD_SDK_IDP_ID",
    idTokenFile: "HUAWEICLOUD_SDK_ID_TOKEN_FILE",
    projectId: "HUAWEICLOUD_SDK_PROJECT_ID",
    iamEndpoint: "HUAWEICLOUD_SDK_IAM_ENDPOINT",
  },
  terraform("HW"),
  terraform("OS"),
];

const PROFILE: Names = {
  accessKey: "ak",
  secretKey: "sk",
  securityToken: "security_token",
  idpId: "idp_id",
  idTokenFile: "id_token_file",
  projectId: "project_id",
  iamEndpoint: "iam_endpoint",
};

/** Where one family of tools keeps its settings. Credentials are never mixed between sources. */
export class SettingsSource {
  constructor(
    /** Such as `environment`. */
    readonly kind: "stack configuration" | "environment" | "profile file",
    readonly names: Names,
    private readonly look: (name: string) => string | undefined,
  ) {}

  get(setting: SettingName): Setting | undefined {
    const name = this.names[setting];
    const value = name === undefined ? undefined : this.look(name)?.trim();
    return name && value ? { name, value } : undefined;
  }

  /** A token is tried before AK/SK. */
  *credentials(): Generator<FoundCredentials> {
    const authToken = this.get("authToken");
    if (authToken) yield this.found({ authToken: authToken.value }, authToken);
    const [accessKey, secretKey] = [this.get("accessKey"), this.get("secretKey")];
    if (!accessKey || !secretKey) return;
    const securityToken = this.get("securityToken")?.value;
    const key = { accessKey: accessKey.value, secretKey: secretKey.value };
    yield this.found(securityToken ? { ...key, securityToken } : key, accessKey);
  }

  /** The one of two settings that is missing although the other is there, and that other. */
  missingHalf(): [missing: string, present: string] | undefined {
    for (const pair of [["accessKey", "secretKey"] as const, ["idpId", "idTokenFile"] as const]) {
      const [one, other] = pair.map((setting) => this.get(setting)?.name);
      const [oneName = "", otherName = ""] = pair.map((setting) => this.names[setting]);
      if (one && !other) return [otherName, one];
      if (other && !one) return [oneName, other];
    }
    return undefined;
  }

  private found(credentials: Credentials, { name }: Setting): FoundCredentials {
    return { credentials, source: `${this.kind} ${name}` };
  }
}

export interface SettingsSources {
  stack: SettingsSource[];
  environment: SettingsSource[];
  profile: SettingsSource;
}

export function sourcesOf(config: StackConfig | undefined, environment: NodeJS.ProcessEnv): SettingsSources {
  let profile: Record<string, string> | undefined;
  return {
    stack: [OURS, BRIDGE].map(
      (names) => new SettingsSource("stack configuration", names, (name) => configured(config, name)),
    ),
    environment: ENVIRONMENT.map(
      (names) => new SettingsSource("environment", names, (name) => environment[name]),
    ),
    profile: new SettingsSource("profile file", PROFILE, (name) => {
      profile ??= readProfile(environment);
      return profile[name];
    }),
  };
}

/** A setting of the stack, or `SETTING.KEY`: a text in an object, which Pulumi keeps as JSON. */
function configured(config: StackConfig | undefined, name: string): string | undefined {
  const [setting = "", key] = name.split(".");
  const value = config?.get(setting);
  if (key === undefined || value === undefined) return value;
  try {
    const entry: unknown = JSON.parse(value)[key];
    if (entry === undefined || typeof entry === "string") return entry;
  } catch {
    // Told below, without the value.
  }
  throw new RequestError({
    reason: `\`${setting}\` must be an object of endpoints`,
    advice: `Set it by \`pulumi config set --path ${name} URL\`.`,
    retry: "never",
  });
}
