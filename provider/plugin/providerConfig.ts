import type { dynamic } from "@pulumi/pulumi";
import { objectIn } from "../api/http/answers";
import { Validator } from "../check/validator";
import type { StackConfig } from "../config/sources";
import { assumeRoleArgs, engineArgs, PACKAGE, providerArgs, secretsOf } from "../definitions";
import { UNKNOWN } from "../engine";
import type { Properties } from "./properties";

/** Taken from one place as a whole: keys of two places don't belong together. */
const KEYS = [...secretsOf(providerArgs), "assumeRole"];

/** What is wrong with a provider's arguments, which are the stack's configuration for a default provider. */
export function checkProvider(news: Properties): dynamic.CheckFailure[] {
  const { assumeRole, ...rest } = news;
  const role = parsed(assumeRole);
  const given = Object.entries({ ...rest, assumeRole: role }).filter(([name]) => !engineArgs.includes(name));
  const validator = new Validator("The provider", providerArgs, Object.fromEntries(given));
  for (const [name, other] of [
    ["accessKey", "secretKey"],
    ["secretKey", "accessKey"],
    ["securityToken", "accessKey"],
  ] as const) {
    if (validator.has(name) && !validator.has(other)) {
      validator.addFailure(other, `is required when \`${name}\` is set`);
    }
  }
  if (typeof role !== "object" || role === null) return validator.failures;
  const { failures } = new Validator("`assumeRole`", assumeRoleArgs, { ...role });
  return [...validator.failures, ...failures.map(({ reason }) => ({ property: "", reason }))];
}

/** The engine keeps an object of the stack's configuration as JSON. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string" || value === UNKNOWN) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** What the engine says of a provider when it configures it. */
export interface ConfiguredProvider {
  /** Older engines don't send it: https://github.com/pulumi/pulumi/pull/18807 */
  urn?: string;
  args: Properties;
  environment: NodeJS.ProcessEnv;
}

/**
 * The configuration of one provider. What the engine passes is that of the last `up` when it destroys, but the
 * environment holds the current one, for the default provider only:
 * https://github.com/pulumi/pulumi/blob/master/pkg/host/host.go (Provider)
 */
export function configOf({ urn = "", args, environment }: ConfiguredProvider): StackConfig {
  // Where somebody else's variable has that name, it holds nothing.
  const current = isDefaultProvider(urn) ? objectIn(environment.PULUMI_CONFIG ?? "") : {};
  const hasCurrentKeys = KEYS.some((name) => textOf(current[name]) !== undefined);
  return {
    get(key) {
      if (!key.startsWith(`${PACKAGE}:`)) return undefined;
      const name = key.slice(PACKAGE.length + 1);
      if (hasCurrentKeys && KEYS.includes(name)) return textOf(current[name]);
      return textOf(current[name]) ?? textOf(args[name]);
    },
  };
}

/** A provider that the program did not make itself: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/providers/reference.go */
function isDefaultProvider(urn: string): boolean {
  const [, , type, name = ""] = urn.split("::");
  return type === `pulumi:providers:${PACKAGE}` && /^default(_|$)/.test(name);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}
