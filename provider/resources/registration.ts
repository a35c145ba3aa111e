import * as pulumi from "@pulumi/pulumi";
import { type Definition, definitions, type ResourceName, secretsOf } from "../definitions";
import { providerText } from "./providerText";
import { settingsOutOfReach, warnOfConfiguration } from "./warnings";

/** Registers arguments with the engine, with their secrets, and a place for each output. */
export function registration(
  resource: ResourceName,
  name: string,
  args: object,
  options?: pulumi.CustomResourceOptions,
): ConstructorParameters<typeof pulumi.CustomResource> {
  const definition: Definition = definitions[resource];
  refuseArguments(resource, name, args);
  refuseOptions(resource, name, options);
  warnOfConfiguration();
  const outputs = Object.keys(definition.outputs).map((output) => [output, undefined]);
  const given = Object.entries(args).map(([argument, value]) => [
    argument,
    definition.args[argument]?.secret && value !== undefined ? pulumi.secret(value) : value,
  ]);
  const inputs = {
    ...Object.fromEntries(outputs),
    ...Object.fromEntries(given),
    ...hintsForCheck(args),
    __provider: providerText(resource),
  };
  const secrets = { additionalSecretOutputs: secretsOf(definition.outputs) };
  return [definition.dynamicType, name, inputs, pulumi.mergeOptions(options, secrets)];
}

/** A sentence in place of a stack: `pulumi` prints only the message of a RunError. */
export function refusal(resource: ResourceName, name: string, problem: string): pulumi.RunError {
  return new pulumi.RunError(`${resource} "${name}": ${problem}.`);
}

/** Plain JavaScript may pass anything. */
export function refuseArguments(resource: ResourceName, name: string, args: unknown): void {
  if (typeof args === "object" && args !== null && !Array.isArray(args) && !pulumi.Output.isInstance(args)) {
    return;
  }
  throw refusal(
    resource,
    name,
    `the second argument must be an object with at least \`${definitions[resource].leastArgument}\``,
  );
}

function refuseOptions(
  resource: ResourceName,
  name: string,
  options: pulumi.CustomResourceOptions | undefined,
): void {
  if (options?.id !== undefined || options?.import !== undefined) {
    throw notReadable(resource, name, options.id === undefined ? "import" : "id");
  }
  const provider: unknown = options?.provider;
  if (provider !== undefined && !isDynamicProvider(provider)) {
    throw refusal(resource, name, "it has no provider of its own; leave out the option `provider`");
  }
  const inherited = options?.parent?.getProvider(definitions[resource].dynamicType);
  if (provider !== undefined || inherited !== undefined) warnOfProvider(resource, name);
}

/**
 * Pulumi hands the stack's configuration to the default provider only:
 * https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/source_eval.go (defaultProviders)
 */
function warnOfProvider(resource: ResourceName, name: string): void {
  const args: Definition["args"] = definitions[resource].args;
  if (!pulumi.runtime.isDryRun() || args.instanceId === undefined) return;
  const settings = settingsOutOfReach(pulumi.runtime.allConfig() ?? {});
  if (settings.length === 0) return;
  const names = settings.map((setting) => `\`${setting}\``).join(", ");
  void pulumi.log.warn(
    `${resource} "${name}" has an explicit provider, and Pulumi hands the stack's configuration to default providers only: ` +
      `${names} count for nothing here. Set credentials in the environment, and pass \`region\` or \`endpoint\`, and \`projectId\`.`,
  );
}

/** What to do in place of reading a resource by an ID, which no service offers. */
export function notReadable(resource: ResourceName, name: string, option?: string): pulumi.RunError {
  const { key }: Definition = definitions[resource];
  const steps = [
    ...(option === undefined ? [] : [`leave out the option \`${option}\``]),
    ...(key === undefined ? [] : [`pass \`${key}\` to take over an open session`]),
  ];
  const advice = steps.length === 0 ? "" : `; ${steps.join(", and ")}`;
  return refusal(resource, name, `it can't be looked up by an ID${advice}`);
}

function isDynamicProvider(provider: unknown): boolean {
  return (
    pulumi.ProviderResource.isInstance(provider) &&
    "__pulumiType" in provider &&
    provider.__pulumiType === "pulumi:providers:pulumi-nodejs"
  );
}

/**
 * What check has to know of this run. It leaves these out, so that state never holds them. The SDK does much for each
 * property, even for an undefined one: those that tell nothing are not there.
 */
function hintsForCheck(args: object): Record<string, unknown> {
  // The host renews no session in a preview.
  if (pulumi.runtime.isDryRun()) return { __preview: true };
  const mayBeUnknown = Object.values(args).some((value) => typeof value === "object" && value !== null);
  return mayBeUnknown ? { __unknown: unknownNames(args) } : {};
}

/**
 * The names of arguments whose values come from a resource that failed, with `--continue-on-error`: the engine
 * withholds them from check, which would take them for missing.
 */
async function unknownNames(args: object): Promise<string[] | undefined> {
  try {
    const serialized = await pulumi.runtime.serializeProperties("unknown arguments", { ...args });
    const names = Object.keys(serialized).filter((name) => serialized[name] === pulumi.runtime.unknownValue);
    return names.length > 0 ? names : undefined;
  } catch {
    // The registration waits for the same arguments, and reports this.
    return undefined;
  }
}
