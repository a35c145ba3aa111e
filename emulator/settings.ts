import { completeCredentials, randomId } from "./credentials";
import { checkOptions } from "./optionRules";
import type { EmulatorOptions } from "./options";

type Optional = "casCookieName" | "casRetryAfter" | "securityToken";
type Converted = "idleSeconds" | "redis" | "projects" | "temporaryKeySeconds";

/** The options with their defaults, in the form in which the emulator uses them. */
export type Settings = Readonly<
  Required<Omit<EmulatorOptions, Optional | Converted>> & Pick<EmulatorOptions, Optional>
> & {
  readonly webCliIdleMs: number;
  readonly casIdleMs: number;
  readonly redis: URL | undefined;
  readonly projectIds: readonly string[];
  readonly domainId: string;
  readonly temporaryKeysMs: number | undefined;
};

/**
 * Checks the options and fills in the defaults.
 *
 * @throws {BadOption} for an option that is unknown or can't be used
 */
export function resolveOptions(options: object): Settings {
  checkOptions(options);
  const { idleSeconds, temporaryKeySeconds, projects = 1, clock = Date.now } = options;
  const { tlsNames = "both", tlsChain = false } = options;
  const credentials = completeCredentials(options, clock());
  return {
    ...credentials,
    securityToken: options.securityToken,
    port: options.port ?? 0,
    tls: options.tls ?? (tlsChain || options.tlsNames !== undefined),
    tlsNames,
    tlsChain,
    casFlavor: options.casFlavor ?? "mrs",
    casLoginPage: options.casLoginPage ?? "none",
    casRetryAfter: options.casRetryAfter,
    casService: options.casService ?? "sso",
    casCookieName: options.casCookieName,
    casCookieRotates: options.casCookieRotates ?? false,
    casNodes: options.casNodes ?? 1,
    webCliIdleMs: (idleSeconds ?? 300) * 1000,
    casIdleMs: (idleSeconds ?? 1200) * 1000,
    redis: options.redis === undefined ? undefined : new URL(options.redis),
    confirmLogout: options.confirmLogout ?? false,
    goneLogout: options.goneLogout ?? 400,
    services: options.services ?? "any",
    errorCodes: options.errorCodes ?? "numeric",
    region: options.region ?? "eu-de",
    projectIds: [credentials.projectId, ...Array.from({ length: projects }, randomId)].slice(0, projects),
    domainId: randomId(),
    agency: options.agency ?? true,
    metadataTokens: options.metadataTokens ?? "optional",
    temporaryKeysMs: temporaryKeySeconds === undefined ? undefined : temporaryKeySeconds * 1000,
    history: options.history ?? 10_000,
    clock,
  };
}
