import { type Input, type Output, secret } from "@pulumi/pulumi";

/**
 * The text by which the dynamic-provider host finds the code that runs a resource. It stays in state and
 * must load for ever; being one line that only finds the installed package, it never goes stale.
 */
export function providerText(type: "WebCliSession" | "WebCliCommand" | "CasSession"): string {
  return `exports.handler=()=>require('module').createRequire(process.cwd()+'/')('pulumi-huaweicloud-sessions/lifecycle').${type}`;
}

/** A secret for the engine, whatever the program passes; left out where the program leaves it out. */
export function asSecret(value: Input<string> | undefined): Output<string> | undefined {
  return value === undefined ? undefined : secret(value);
}
