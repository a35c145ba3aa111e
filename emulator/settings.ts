import { randomCredentials, randomId } from "./credentials";
import { checkOptions } from "./optionRules";
import type { EmulatorOptions } from "./options";

type Optional = "casCookieName" | "casRetryAfter" | "securityToken";
type Converted = "idleSeconds" | "redis" | "projects" | "temporaryKeySeconds";

/** The options with their defaults, in the form in which the emulator uses them. */
export type Settings = Readonly<
  Required<Omit<EmulatorOptions, Optional | Converted>> & Pick<EmulatorOptions, Optional>
> & {
  readonly webCliIdleTimeout: number;
  readonly casIdleTimeout: number;
  readonly redis: URL | undefined;
  readonly projectIds: readonly string[];
  readonly domainId: string;
  readonly temporaryKeyLifetime: number | undefined;
};

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {BadOption} for an option that is unknown or can't be used
 */
export function resolveOptions(options: object): Settings {
  checkOptions(options);
  const given: EmulatorOptions = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  const { idleSeconds, temporaryKeySeconds, projects = 1, redis, clock = Date.now, ...others } = given;
  const credentials = { ...randomCredentials(clock()), ...others };
  return {
    port: 0,
    tls: given.tlsChain === true || given.tlsNames !== undefined,
    tlsNames: "both",
    tlsChain: false,
    casFlavor: "mrs",
    casLoginPage: "none",
    casService: "sso",
    casCookieRotates: false,
    casNodes: 1,
    confirmLogout: false,
    goneLogout: 400,
    services: "any",
    errorCodes: "numeric",
    region: "eu-de",
    agency: true,
    agencies: "any",
    metadataTokens: "optional",
    history: 10_000,
    ...credentials,
    webCliIdleTimeout: (idleSeconds ?? 300) * 1000,
    casIdleTimeout: (idleSeconds ?? 1200) * 1000,
    redis: redis === undefined ? undefined : new URL(redis),
    projectIds: [credentials.projectId, ...Array.from({ length: projects }, randomId)].slice(0, projects),
    domainId: randomId(),
    temporaryKeyLifetime: temporaryKeySeconds === undefined ? undefined : temporaryKeySeconds * 1000,
    clock,
  };
}
