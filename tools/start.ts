import { resolve } from "node:path";
import { CommandError, type ConfigMap, type Stack } from "@pulumi/pulumi/automation";
import { startEmulator } from "pulumi-huaweicloud-sessions-emulator";
import { findEngine, withStack } from "./engine";

type Emulator = Awaited<ReturnType<typeof startEmulator>>;

const ROOT = resolve(__dirname, "..");
const QUICKSTART = resolve(ROOT, "examples/quickstart");

const say = (line: string) => console.log(line);
const streamed = {
  onOutput: (text: string) => process.stdout.write(text),
  onError: (text: string) => process.stderr.write(text),
};

function config(emulator: Emulator): ConfigMap {
  const secret = (value: string) => ({ value, secret: true });
  return {
    "huaweicloud-sessions:projectId": { value: emulator.projectId },
    "huaweicloud-sessions:dcsEndpoint": { value: emulator.dcsEndpoint },
    "huaweicloud-sessions:accessKey": secret(emulator.accessKey),
    "huaweicloud-sessions:secretKey": secret(emulator.secretKey),
    instanceId: { value: emulator.instanceId },
    redisPassword: secret(emulator.redisPassword),
    casUrl: { value: emulator.casUrl },
    username: { value: emulator.username },
    password: secret(emulator.password),
  };
}

/** Says how many sessions the servers hold, and fails where it is not `expected` of each kind. */
function count(emulator: Emulator, when: string, expected: number): void {
  const { webCli, cas } = emulator.sessions();
  say(`\n${when}: ${webCli.open.length} Web CLI and ${cas.open.length} CAS sessions open\n`);
  if (webCli.open.length !== expected || cas.open.length !== expected) {
    throw new Error(`There should be ${expected} of each ${when.toLowerCase()}.`);
  }
}

// A module runs once in a process; the program, and the modules beside it, have to run at each update.
async function program(): Promise<Record<string, unknown>> {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(QUICKSTART)) delete require.cache[file];
  }
  return require(QUICKSTART);
}

async function shown(what: string, operation: Promise<unknown>): Promise<void> {
  try {
    await operation;
  } catch (error) {
    // Its message repeats all the output, which has been on the screen already.
    if (error instanceof CommandError) throw new Error(`${what} failed, as shown above.`, { cause: error });
    throw error;
  }
}

async function upAndDown(stack: Stack, emulator: Emulator, interrupted: AbortSignal): Promise<void> {
  interrupted.throwIfAborted();
  await shown("pulumi up", stack.up(streamed));
  interrupted.throwIfAborted();
  count(emulator, "After up", 1);
  await shown("pulumi destroy", stack.destroy(streamed));
}

async function start(interrupted: AbortSignal): Promise<void> {
  const engine = await findEngine(say, interrupted);
  say(`Pulumi ${engine.version}: ${engine.path}`);
  const emulator = await startEmulator({ port: 0 });
  try {
    count(emulator, "Before up", 0);
    const options = { engine, projectName: "quickstart", workDir: ROOT, program, config: config(emulator) };
    const [run] = await Promise.allSettled([
      withStack(options, (stack) => upAndDown(stack, emulator, interrupted)),
    ]);
    if (run.status === "rejected") fail(run.reason);
    count(emulator, "After destroy", 0);
  } finally {
    await emulator.close();
  }
}

function fail(error: unknown): void {
  process.exitCode ||= 1;
  if (error !== interruption.signal.reason) console.error(error instanceof Error ? error.message : error);
}

// What runs is waited for, never cut off: Ctrl-C in a terminal reaches the engine too, and a second signal to it
// would end it without saving its state. withStack then destroys what there is.
const interruption = new AbortController();
function interrupt(): void {
  if (interruption.signal.aborted) return;
  say("\nInterrupted: ending what runs, then destroying what was made");
  process.exitCode = 130;
  interruption.abort();
}
process.on("SIGINT", interrupt);
process.on("SIGTERM", interrupt);

start(interruption.signal).catch(fail);
