import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parse } from "ini";
import { SessionError } from "./api/errors";
import type { Keys } from "./api/keys";

/** The stack's config, as `configure` gets it, with secrets in plain. */
export interface StackConfig {
  get(key: string): string | undefined;
}

/** The names under which one family of tools keeps its settings. */
interface Family {
  authToken?: string;
  accessKey: string;
  secretKey: string;
  securityToken?: string;
  projectId?: string;
  region?: string;
  endpoint?: string;
}

const STACK: Family = {
  authToken: "huaweicloud:authToken",
  accessKey: "huaweicloud:accessKey",
  secretKey: "huaweicloud:secretKey",
  securityToken: "huaweicloud:securityToken",
  projectId: "huaweicloud:projectId",
  region: "huaweicloud:region",
  endpoint: "huaweicloud:dcsEndpoint",
};

const terraform = (prefix: "HW" | "OS"): Family => ({
  authToken: `${prefix}_AUTH_TOKEN`,
  accessKey: `${prefix}_ACCESS_KEY`,
  secretKey: `${prefix}_SECRET_KEY`,
  securityToken: `${prefix}_SECURITY_TOKEN`,
  projectId: `${prefix}_PROJECT_ID`,
  region: `${prefix}_REGION_NAME`,
});

/** In the order in which they are asked. */
const ENVIRONMENT: readonly Family[] = [
  { accessKey: "CLOUD_SDK_AK", secretKey: "CLOUD_SDK_SK" },
  {
    accessKey: "HUAWEICLOUD_SDK_AK",
    secretKey: "HUAWEICLOUD_SDK_SK",
    securityToken: "HUAWEICLOUD_SDK_SECURITY_TOKEN",
    projectId: "HUAWEICLOUD_SDK_PROJECT_ID",
  },
  terraform("HW"),
  terraform("OS"),
];

/** The `[basic]` section of the vendor SDKs' profile file. */
const PROFILE: Family = {
  accessKey: "ak",
  secretKey: "sk",
  securityToken: "security_token",
  projectId: "project_id",
};

type Lookup = (name: string) => string | undefined;

/** What is set for this run: in the stack's config, then in the environment, then in the profile file. */
export class Settings {
  constructor(
    private readonly config?: StackConfig,
    private readonly environment: NodeJS.ProcessEnv = process.env,
  ) {}

  projectId(): string | undefined {
    return this.first("projectId");
  }

  region(): string | undefined {
    return this.first("region");
  }

  dcsEndpoint(): string | undefined {
    return this.first("endpoint");
  }

  /** The sets of keys in the order in which they are tried, each from one family as a whole. */
  *keySets(): Generator<Keys> {
    for (const [family, look] of this.families()) {
      const keys = keysOf(family, look);
      if (keys) yield keys;
    }
  }

  private first(setting: "projectId" | "region" | "endpoint"): string | undefined {
    for (const [family, look] of this.families()) {
      const name = family[setting];
      const value = name && look(name);
      if (value) return value;
    }
    return undefined;
  }

  private *families(): Generator<[Family, Lookup]> {
    yield [STACK, (name) => this.config?.get(name)];
    for (const family of ENVIRONMENT) yield [family, (name) => this.environment[name]];
    let profile: Record<string, string | undefined> | undefined;
    yield [
      PROFILE,
      (name) => {
        profile ??= readProfile(this.environment);
        return profile[name];
      },
    ];
  }
}

/** Within a family a token beats AK/SK; half a pair is no set. */
function keysOf(family: Family, look: Lookup): Keys | undefined {
  const authToken = family.authToken && look(family.authToken);
  if (authToken) return { authToken };
  const accessKey = look(family.accessKey);
  const secretKey = look(family.secretKey);
  if (!accessKey || !secretKey) return undefined;
  const securityToken = family.securityToken && look(family.securityToken);
  return { accessKey, secretKey, ...(securityToken ? { securityToken } : {}) };
}

function readProfile(environment: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const named = environment.HUAWEICLOUD_SDK_CREDENTIALS_FILE;
  const path = named ?? join(environment.HOME ?? homedir(), ".huaweicloud", "credentials");
  try {
    const text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
    const basic: unknown = parse(text).basic;
    if (typeof basic !== "object" || basic === null) return {};
    return Object.fromEntries(Object.entries(basic).map(([name, value]) => [name, String(value)]));
  } catch (error) {
    const absent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (absent && !named) return {};
    throw new SessionError(
      "Could not read the profile file with the keys",
      named
        ? "HUAWEICLOUD_SDK_CREDENTIALS_FILE names no readable INI file"
        : "~/.huaweicloud/credentials is not readable",
      "Correct it, or set HW_ACCESS_KEY and HW_SECRET_KEY.",
    );
  }
}
