import * as pulumi from "@pulumi/pulumi";
import { secretSettings } from "../definitions";

const warned = new WeakSet<object>();

/** Warns once in a preview of what everybody who can read the stack's file or its state can read as well. */
export function warnOfPlainCredentials(): void {
  const stack = pulumi.runtime.getStackResource();
  if (!stack || !pulumi.runtime.isDryRun() || warned.has(stack)) return;
  warned.add(stack);
  const plain = secretSettings.filter(
    (name) => pulumi.runtime.getConfig(name) !== undefined && isPlain(name),
  );
  if (plain.length === 0) return;
  const names = plain.map((name) => `\`${name}\``).join(", ");
  void pulumi.log.warn(
    `The stack's configuration and state hold ${names} in plain text. Set it again with ` +
      "`pulumi config set --secret`, or use the environment instead.",
  );
}

/** The SDK exports the question and leaves it out of its types; an SDK without it is not asked. */
function isPlain(name: string): boolean {
  const isConfigSecret: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  return typeof isConfigSecret === "function" && isConfigSecret(name) === false;
}
