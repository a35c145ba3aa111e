import * as pulumi from "@pulumi/pulumi";
import { assumeRoleArgs, engineArgs, PACKAGE, providerArgs, secretSettings } from "../definitions";
import { nearest } from "../nearest";

/** Marks the stack, of which a program has one, also where it loads this package twice. */
const WARNED = Symbol.for(`${PACKAGE}:warned`);

/** Warns once in a preview of what is wrong with the stack's configuration. */
export function warnOfConfiguration(): void {
  const stack = pulumi.runtime.getStackResource();
  if (!stack || !pulumi.runtime.isDryRun() || WARNED in stack) return;
  Object.assign(stack, { [WARNED]: true });
  const problems = unknownSettings(pulumi.runtime.allConfig() ?? {});
  const plain = secretSettings.filter(
    (name) => pulumi.runtime.getConfig(name) !== undefined && isPlain(name),
  );
  if (plain.length > 0) problems.push(plainCredentials(plain));
  for (const problem of problems) void pulumi.log.warn(problem);
}

/** What everybody who can read the stack's file or its state can read as well. */
function plainCredentials(plain: readonly string[]): string {
  const names = plain.map((name) => `\`${name}\``).join(", ");
  return (
    `The stack's configuration and state hold ${names} in plain text. Set it again with ` +
    "`pulumi config set --secret`, or use the environment instead."
  );
}

/** A sentence for each setting that would be ignored. */
export function unknownSettings(config: Readonly<Record<string, string>>): string[] {
  const settings = Object.keys(config).filter((key) => key.startsWith(`${PACKAGE}:`));
  const role = `${PACKAGE}:assumeRole`;
  return [
    ...unknownIn(
      settings,
      [...Object.keys(providerArgs), ...engineArgs].map((name) => `${PACKAGE}:${name}`),
    ),
    ...unknownIn(
      keysOf(config[role]).map((key) => `${role}.${key}`),
      Object.keys(assumeRoleArgs).map((key) => `${role}.${key}`),
    ),
  ];
}

function unknownIn(given: readonly string[], known: readonly string[]): string[] {
  return given
    .filter((name) => !known.includes(name))
    .map((name) => {
      const start = name.slice(0, Math.max(name.lastIndexOf(":"), name.lastIndexOf(".")) + 1);
      const names = known.map((candidate) => candidate.slice(start.length));
      const meant = nearest(name.slice(start.length), names);
      const hint = meant ? `did you mean \`${start}${meant}\`?` : `there are ${names.join(", ")}.`;
      return `The stack's configuration holds \`${name}\`, which is not a setting; ${hint}`;
    });
}

/** The keys of an object, which Pulumi keeps as JSON. What is no object is refused when it is used. */
function keysOf(json = "{}"): string[] {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? Object.keys(value) : [];
  } catch {
    return [];
  }
}

/** The SDK exports the question and leaves it out of its types; an SDK without it is not asked. */
function isPlain(name: string): boolean {
  const isConfigSecret: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  return typeof isConfigSecret === "function" && isConfigSecret(name) === false;
}

/** The stack's settings that a host does not get which belongs to a provider of the program's own. */
export function settingsOutOfReach(config: Readonly<Record<string, string>>): string[] {
  return Object.keys(config).filter((key) => key.startsWith(`${PACKAGE}:`) || key.startsWith("huaweicloud:"));
}
