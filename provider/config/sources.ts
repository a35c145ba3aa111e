import { RequestError } from "../api/errors";
import { fieldsOf } from "../api/http/answers";
import type { Credentials, FoundCredentials } from "../api/iam/credentials";
import { readCliProfile } from "./cliProfile";
import type { Setting } from "./files";
import { BRIDGE, CLI_PROFILE, ENVIRONMENT, type Names, OURS, PROFILE, type SettingName } from "./names";
import { readProfile } from "./profile";

/** The stack's configuration, as `configure` gets it, with secrets in plain text. */
export interface StackConfig {
  get(key: string): string | undefined;
}

/** A setting, and the kind of place where it was found. */
export type PlacedSetting = Setting & Pick<SettingsSource, "kind">;

/** Where one family of tools keeps its settings. Credentials are never mixed between sources. */
export class SettingsSource {
  constructor(
    /** Such as `environment`. */
    readonly kind: "stack configuration" | "environment" | "CLI profile" | "profile file",
    private readonly names: Names,
    private readonly look: (name: string) => string | undefined,
  ) {}

  get(setting: SettingName): Setting | undefined {
    for (const name of [this.names[setting] ?? []].flat()) {
      const value = this.look(name)?.trim();
      if (value) return { name, value };
    }
    return undefined;
  }

  /** What a setting is called here. */
  nameOf(setting: SettingName): string {
    return [this.names[setting] ?? []].flat()[0] ?? setting;
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
      const [oneName = "", otherName = ""] = pair.map((setting) => this.nameOf(setting));
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
  /** The files, in the order in which they are read. */
  files: SettingsSource[];
}

export function sourcesOf(config: StackConfig | undefined, environment: NodeJS.ProcessEnv): SettingsSources {
  const inFile = (read: () => Record<string, string>) => {
    let settings: Record<string, string> | undefined;
    return (name: string) => {
      settings ??= read();
      return settings[name];
    };
  };
  const stack = [OURS, BRIDGE].map(
    (names) => new SettingsSource("stack configuration", names, (name) => configured(config, name)),
  );
  const variables = ENVIRONMENT.map(
    (names) => new SettingsSource("environment", names, (name) => environment[name]),
  );
  const cliProfile = inFile(() => {
    const first = (setting: SettingName) => firstOf([...stack, ...variables], setting);
    return readCliProfile({ file: first("sharedConfigFile"), profile: first("profile") }, environment);
  });
  const files = [
    new SettingsSource("CLI profile", CLI_PROFILE, cliProfile),
    new SettingsSource(
      "profile file",
      PROFILE,
      inFile(() => readProfile(environment)),
    ),
  ];
  return { stack, environment: variables, files };
}

/** What the first source says that says anything. */
export function firstOf(sources: Iterable<SettingsSource>, setting: SettingName): PlacedSetting | undefined {
  for (const source of sources) {
    const found = source.get(setting);
    if (found) return { ...found, kind: source.kind };
  }
  return undefined;
}

/** A setting of the stack, or `SETTING.KEY`: a text or number in an object, which Pulumi keeps as JSON. */
function configured(config: StackConfig | undefined, name: string): string | undefined {
  const [setting = "", key] = name.split(".");
  const value = config?.get(setting);
  if (key === undefined || value === undefined) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    // Terraform writes one block as a list of one.
    const object: unknown = Array.isArray(parsed) && parsed.length === 1 ? parsed[0] : parsed;
    const entry = fieldsOf(object)[key];
    const isObject = typeof object === "object" && object !== null && !Array.isArray(object);
    if (isObject && entry === undefined) return undefined;
    if (typeof entry === "string" || typeof entry === "number") return String(entry);
  } catch {
    // Told below, without the value.
  }
  throw new RequestError({
    reason: `\`${setting}\` must be an object${setting.endsWith("endpoints") ? " of endpoints" : ""}`,
    advice: `Set it by \`pulumi config set --path ${name} VALUE\`.`,
    retry: "never",
  });
}
