import { cpus, release, totalmem, type } from "node:os";
import { version as sdk } from "@pulumi/pulumi/version";
import { run } from "../tools/engine/run";
import { ROOT } from "./worker";

/** What the figures were taken on. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGib: number;
  system: string;
  node: string;
  pulumiSdk: string;
  commit: string;
  takenAt: string;
  /** Versions of the engine, the plugin and curl, as far as they take part. */
  tools: Record<string, string>;
}

export async function describeMachine(tools: Record<string, string> = {}): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    pulumiSdk: sdk,
    commit: await commit(),
    takenAt: new Date().toISOString(),
    tools,
  };
}

/** Where what is measured differs from its commit, the commit alone would lie. */
async function commit(): Promise<string> {
  try {
    const hash = (await run("git", ["rev-parse", "--short=12", "HEAD"], { cwd: ROOT })).trim();
    const measured = ["provider", "emulator", "bench/*.ts", "bench/worker", "package-lock.json"];
    const changed = await run("git", ["status", "--porcelain", "--", ...measured], { cwd: ROOT });
    return changed.trim() === "" ? hash : `${hash} with changes that were not committed`;
  } catch (error) {
    return `unknown (${error instanceof Error ? error.message : error})`;
  }
}
