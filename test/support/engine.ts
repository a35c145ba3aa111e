import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type ConfigMap, LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { type Emulator, type RecordedRequest, startEmulator } from "../../emulator";
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
  /** Left out: the program in workDir, for a language whose host the engine comes with. */
  program?: PulumiFn;
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
  const { workDir = REPOSITORY, ...rest } = run;
  // The host knows where a cloud server's metadata service is, and these tests may run on one.
  const env = { HUAWEICLOUD_SDK_METADATA_DISABLED: "true", ...run.env };
  const config = { ...configOf(emulator), ...run.config };
  const options = { engine: await running(), projectName: "tests", workDir, ...rest, env, config };
  return withStack(options, use);
}

/** A stack and its emulator. */
interface Life {
  stack: Stack;
  emulator: Emulator;
}

/** One stack for the tests of the enclosing suite, each of which goes on from where the one before it stopped. */
export function useStack(runOf: (emulator: Emulator) => Run): () => Life {
  let life: Life | undefined;
  let end = () => {};
  let ended = Promise.resolve();
  before(async () => {
    const emulator = await startEmulator();
    await new Promise<void>((ready, fail) => {
      ended = withProgram(emulator, runOf(emulator), (stack) => {
        life = { stack, emulator };
        ready();
        return new Promise<void>((resolve) => {
          end = resolve;
        });
      }).finally(() => emulator.close());
      ended.catch(fail);
    });
  });
  after(() => {
    end();
    return ended;
  });
  return () => {
    if (!life) throw new Error("the stack is there within tests only");
    return life;
  };
}

/** The same stack, for a program that runs in another folder. */
export function inFolder(stack: Stack, workDir: string, program: PulumiFn): Promise<Stack> {
  const { pulumiCommand, pulumiHome, envVars } = stack.workspace;
  const options = { stackName: stack.name, projectName: "tests", program };
  return LocalWorkspace.selectStack(options, { workDir, pulumiCommand, pulumiHome, envVars });
}

/** The configuration that finds the emulator. */
export function configOf(emulator: Emulator): ConfigMap {
  return {
    "huaweicloud-sessions:projectId": { value: emulator.projectId },
    "huaweicloud-sessions:dcsEndpoint": { value: emulator.dcsEndpoint },
    "huaweicloud-sessions:accessKey": { value: emulator.accessKey, secret: true },
    "huaweicloud-sessions:secretKey": { value: emulator.secretKey, secret: true },
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

/** What the emulator was asked for since the last call: logins, logouts, and commands by their text. */
export function diary(emulator: Emulator): () => string[] {
  let read = 0;
  return () => {
    const requests = emulator.requests().slice(read);
    read += requests.length;
    return requests.flatMap((request) => entryOf(request) ?? []);
  };
}

function entryOf({ on, body, status }: RecordedRequest): string | undefined {
  const failed = status === undefined || status >= 400 ? ` (${status})` : "";
  if (on === "webcli.command") {
    const { command } = JSON.parse(body);
    return command === "PING" ? undefined : `${command}${failed}`;
  }
  const names: Record<string, string> = { "webcli.auth": "login", "webcli.logout": "logout" };
  const name = names[on];
  return name && `${name}${failed}`;
}

/** What an operation printed when it failed, as the error of the Automation API holds it. */
export async function failureOf(operation: Promise<unknown>): Promise<string> {
  const [result] = await Promise.allSettled([operation]);
  if (result.status === "fulfilled") throw new Error("the operation succeeded");
  return String(result.reason);
}

/** The URN of a resource in a stack's state, by its name. */
export async function urnOf(stack: Stack, name: string): Promise<string> {
  const resources: unknown = (await stack.exportStack()).deployment?.resources;
  const urns = Array.isArray(resources) ? resources.map(({ urn }) => String(urn)) : [];
  const urn = urns.find((candidate) => candidate.endsWith(`::${name}`));
  if (!urn) throw new Error(`no ${name} among ${urns.join(", ")}`);
  return urn;
}

/** What an operation had to say about the resources, after its progress. */
export function diagnosticsOf(printed: string): string {
  return printed.split("Diagnostics:")[1]?.split("Resources:")[0] ?? "";
}

/** What a process of its own needs to work on a stack: the CLI, or a program with an Automation API of its own. */
export function environmentOf({ name, workspace }: Stack): NodeJS.ProcessEnv {
  const { envVars, pulumiHome, pulumiCommand } = workspace;
  const path = [dirname(pulumiCommand.command), envVars.PATH].join(delimiter);
  return { ...process.env, ...envVars, PULUMI_HOME: pulumiHome, PATH: path, STACK: name };
}

/** Runs a command of the CLI that the Automation API does not know, and gives what it printed. */
export async function runPulumi(stack: Stack, ...args: string[]): Promise<string> {
  const { path } = await running();
  const command = [...args, "--stack", stack.name, "--non-interactive"];
  const options = { cwd: stack.workspace.workDir, env: environmentOf(stack) };
  const { stdout } = await promisify(execFile)(path, command, options);
  return stdout;
}

function running(): Promise<Engine> {
  if (!engine) throw new Error("the suite has to call useEngine()");
  return engine;
}
