import type { PulumiCommand } from "@pulumi/pulumi/automation";

export type Source = "path" | "installed" | "built";

export interface Engine {
  pulumiCommand: PulumiCommand;
  /** The executable. */
  path: string;
  source: Source;
  version: string;
}

export type Log = (line: string) => void;

export class NoEngineError extends Error {
  override name = "NoEngineError";
}

export function asEngine(pulumiCommand: PulumiCommand, path: string, source: Source): Engine {
  return { pulumiCommand, path, source, version: pulumiCommand.version?.toString() ?? "unknown" };
}

/** The last lines of what a failed command printed: the first ones are its progress. */
export function lastLines(text: string, count = 3): string {
  return text.trim().split("\n").slice(-count).join(" ");
}
