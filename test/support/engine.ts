import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConfigMap, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import type { Emulator } from "../../emulator";
import { type Engine, findEngine, withStack } from "../../tools/engine";

export const REPOSITORY = join(__dirname, "../..");

let engine: Promise<Engine> | undefined;

/** The engine for all suites; the first one may have to build it. */
export function useEngine(): void {
  before(async function () {
    this.timeout(600_000);
    engine ??= findEngine((line) => console.log(line));
    await engine;
  });
}

interface Run {
  program: PulumiFn;
  /** Beside what finds the emulator. */
  config?: ConfigMap;
  env?: Record<string, string>;
  workDir?: string;
}

/** Runs `use` with a stack of its own, whose config finds the emulator. */
export async function withProgram<T>(
  emulator: Emulator,
  run: Run,
  use: (stack: Stack) => Promise<T>,
): Promise<T> {
  if (!engine) throw new Error("the suite has to call useEngine()");
  const { program, env, workDir = REPOSITORY } = run;
  const config = { ...configOf(emulator), ...run.config };
  const options = { engine: await engine, projectName: "tests", workDir, program, env, config };
  return withStack(options, use);
}

function configOf(emulator: Emulator): ConfigMap {
  return {
    "huaweicloud:projectId": { value: emulator.projectId },
    "huaweicloud:dcsEndpoint": { value: emulator.dcsEndpoint },
    "huaweicloud:accessKey": { value: emulator.accessKey, secret: true },
    "huaweicloud:secretKey": { value: emulator.secretKey, secret: true },
  };
}

/** The state of a stack as it lies on disk: what is a secret is encrypted there. */
export function stateOnDisk(stack: Stack): string {
  const backend = fileURLToPath(stack.workspace.envVars.PULUMI_BACKEND_URL ?? "");
  const folder = join(backend, ".pulumi", "stacks");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const file = names.find((name) => name.endsWith(`${stack.name.split("/").at(-1)}.json`));
  if (!file) throw new Error(`no state of ${stack.name} among ${names.join(", ")}`);
  return readFileSync(join(folder, file), "utf8");
}
