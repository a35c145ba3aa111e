import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type ConfigMap,
  LocalWorkspace,
  type LocalWorkspaceOptions,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation";
import { type Engine, hasShim, writeShim } from "./engine";

export interface StackOptions {
  engine: Engine;
  /** Named in a Pulumi.yaml that is made, and removed again, where workDir has none. */
  projectName: string;
  /** Where the dynamic-provider host runs and looks for node_modules. */
  workDir: string;
  /** Left out: the program of workDir, which needs an engine that comes with a language host. */
  program?: PulumiFn;
  env?: Record<string, string>;
  config?: ConfigMap;
}

/**
 * Makes a stack with a state, home and environment of its own, and leaves nothing of it behind: what `use` did not
 * destroy is destroyed after it.
 */
export async function withStack<T>(options: StackOptions, use: (stack: Stack) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), "pulumi-stack-"));
  const name = `run-${randomBytes(6).toString("hex")}`;
  const litter = [home, join(options.workDir, `Pulumi.${name}.yaml`), ...newProjectFile(options.workDir)];
  const showEnvironment = hideForeignEnvironment();
  try {
    const stack = await makeStack(name, home, options);
    return await useAndDestroy(stack, use);
  } finally {
    showEnvironment();
    for (const path of litter) await rm(path, { recursive: true, force: true });
  }
}

function newProjectFile(workDir: string): string[] {
  const file = join(workDir, "Pulumi.yaml");
  return existsSync(file) ? [] : [file];
}

async function makeStack(stackName: string, home: string, options: StackOptions): Promise<Stack> {
  const { engine, projectName, workDir, program } = options;
  const [bin, state] = [join(home, "bin"), join(home, "state")];
  if (!hasShim(engine.path)) await writeShim(bin);
  await mkdir(state);
  const workspace: LocalWorkspaceOptions = {
    pulumiCommand: engine.pulumiCommand,
    workDir,
    pulumiHome: join(home, "home"),
    envVars: {
      PULUMI_BACKEND_URL: pathToFileURL(state).href,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(12).toString("hex"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PATH: [bin, process.env.PATH].join(delimiter),
      ...options.env,
    },
  };
  const stack = program
    ? await LocalWorkspace.createStack({ stackName, projectName, program }, workspace)
    : await LocalWorkspace.createStack({ stackName, workDir }, workspace);
  if (options.config) await stack.setAllConfig(options.config);
  return stack;
}

async function useAndDestroy<T>(stack: Stack, use: (stack: Stack) => Promise<T>): Promise<T> {
  const [used] = await Promise.allSettled([use(stack)]);
  const [destroyed] = await Promise.allSettled([destroyRest(stack)]);
  if (used.status === "fulfilled" && destroyed.status === "fulfilled") return used.value;
  const errors: unknown[] = [used, destroyed].flatMap((one) =>
    one.status === "rejected" ? [one.reason] : [],
  );
  throw errors.length === 1 ? errors[0] : new AggregateError(errors, errors.map(String).join("\n"));
}

async function destroyRest(stack: Stack): Promise<void> {
  const resources: unknown = (await stack.exportStack()).deployment?.resources;
  if (!Array.isArray(resources) || resources.length === 0) return;
  // An engine that was killed leaves its lock; nobody else can hold one on this state.
  await stack.cancel();
  await stack.destroy();
}

// Names by which Pulumi, Huawei Cloud's tools and this project take settings: a user's own must not reach a
// stack that is made to be thrown away.
const FOREIGN = /^(PULUMI|HW|OS|CLOUD_SDK|HUAWEICLOUD)_/;

let holders = 0;
let hidden: [string, string][] = [];

/**
 * Takes those variables out of this process, because the engine inherits its environment and what the Automation
 * API is told is only added. Gives a function that puts them back, once the last one who asked has called it.
 */
export function hideForeignEnvironment(): () => void {
  if (holders++ === 0) {
    hidden = Object.entries(process.env).flatMap(([name, value]) =>
      FOREIGN.test(name) && value !== undefined ? [[name, value]] : [],
    );
    for (const [name] of hidden) delete process.env[name];
  }
  return () => {
    if (--holders === 0) for (const [name, value] of hidden) process.env[name] = value;
  };
}
