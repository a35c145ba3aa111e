import type { dynamic } from "@pulumi/pulumi";
import { Deadline, type OperationOptions, type Timeouts } from "../api/deadline";
import type { Settings } from "../config/settings";
import { type Definition, definitions, type ResourceName } from "../definitions";
import { markSecrets, omitUndefined, UNKNOWN } from "../engine";
import type { CheckContext } from "./dcsInstance";

type Bag = Readonly<Record<string, unknown>>;

/** What the host passes to a check, and what the lifecycle adds. */
export interface CheckCall {
  olds: object;
  news: object;
  runtime: { settings: Settings; timeouts: Timeouts };
  options?: OperationOptions;
}

/** Checks arguments, some of which may be unknown values. */
export type Checker = (args: Bag, context: CheckContext) => Promise<dynamic.CheckResult>;

/**
 * Checks arguments, and does what the dynamic-provider host leaves to its resources. Arguments that come in
 * another way, such as through a native plugin, are only checked.
 */
export async function checkArguments(
  resource: ResourceName,
  { olds, news, runtime, options }: CheckCall,
  checker: Checker,
): Promise<dynamic.CheckResult> {
  const args: Bag = { ...news };
  const deadline = new Deadline(`checking the ${resource}`, runtime.timeouts, options);
  const context = { settings: runtime.settings, olds: { ...olds }, deadline };
  if (typeof args.__provider !== "string") return checker(args, context);
  const withheld = Array.isArray(args.__unknown) ? args.__unknown.map((name) => [String(name), UNKNOWN]) : [];
  const { inputs, failures } = await checker({ ...args, ...Object.fromEntries(withheld) }, context);
  if (inputs === undefined) return { failures };
  const known = withheld.length > 0 ? withoutUnknowns(inputs, { ...olds }) : inputs;
  const definition: Definition = definitions[resource];
  // A transform may have passed a secret in plain text, after the program's side had its say. The engine takes the mark
  // from a check as well:
  // https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/provider_plugin.go (Check, KeepSecrets)
  return { inputs: markSecrets(known, (name) => definition.args[name]?.secret === true), failures };
}

/**
 * With `--continue-on-error`, the engine skips what depends on a failed resource, but it wants the inputs first,
 * and none of them unknown.
 */
function withoutUnknowns(inputs: object, olds: Bag): object {
  const entries = Object.entries(inputs).map(([name, value]) => [
    name,
    isUnknown(value) ? olds[name] : value,
  ]);
  return omitUndefined(Object.fromEntries(entries));
}

function isUnknown(value: unknown): boolean {
  return value === UNKNOWN || (Array.isArray(value) && value.includes(UNKNOWN));
}
