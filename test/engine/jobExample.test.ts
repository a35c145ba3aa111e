import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname } from "node:path";
import type { Readable } from "node:stream";
import type { Stack } from "@pulumi/pulumi/automation";
import { useEmulator } from "../support/emulator";
import { useEngine, withProgram } from "../support/engine";
import { exampleFolder } from "../support/examples";

const FOLDER = exampleFolder("job");

type Example = ChildProcessByStdio<null, Readable, Readable>;

/** Runs the example as `npm start -- COMMAND …` does. */
function start(stack: Stack, command: string[]): Example {
  const { envVars, pulumiHome, pulumiCommand } = stack.workspace;
  const path = [dirname(pulumiCommand.command), envVars.PATH].join(delimiter);
  const env = { ...process.env, ...envVars, PULUMI_HOME: pulumiHome, STACK: stack.name, PATH: path };
  const args = ["--require", "ts-node/register", "job.ts", ...command];
  return spawn(process.execPath, args, { cwd: FOLDER, env, stdio: ["ignore", "pipe", "pipe"] });
}

async function exitCode(example: Example): Promise<unknown> {
  const [code] = await once(example, "close");
  return code;
}

describe("The example that runs a job between login and logout", function () {
  this.timeout(120_000);
  useEngine();
  const emulator = useEmulator();

  const withExample = (command: string[], use: (example: Example) => Promise<void>) => {
    const { instanceId, redisPassword } = emulator();
    const config = {
      instanceId: { value: instanceId },
      redisPassword: { value: redisPassword, secret: true },
    };
    const run = { program: async () => {}, workDir: FOLDER, config };
    return withProgram(emulator(), run, async (stack) => {
      const example = start(stack, command);
      example.stderr.resume();
      await use(example);
      const { webCli } = emulator().sessions();
      assert.deepEqual([webCli.open.length, webCli.opened], [0, 1]);
    });
  };

  it("hands the session to the job, and closes it", async () => {
    await withExample(["sh", "-c", 'printf %s "$CLIENT_ID"'], async (example) => {
      const [clientId] = await once(example.stdout, "data");
      assert.match(String(clientId), /^[0-9a-f]{48}$/);
      assert.equal(await exitCode(example), 0);
    });
  });

  it("closes the session when the job fails, and keeps the job's exit code", async () => {
    await withExample(["sh", "-c", "exit 3"], async (example) => {
      example.stdout.resume();
      assert.equal(await exitCode(example), 3);
    });
  });

  it("closes the session when the job can't be started", async () => {
    await withExample(["./no-such-command"], async (example) => {
      example.stdout.resume();
      assert.equal(await exitCode(example), 1);
    });
  });

  it("ends the job on SIGTERM, and closes the session", async () => {
    await withExample(["sh", "-c", "echo running; exec tail -f /dev/null"], async (example) => {
      await once(example.stdout, "data");
      assert.equal(emulator().sessions().webCli.open.length, 1);
      example.kill("SIGTERM");
      assert.equal(await exitCode(example), 143);
    });
  });

  it("starts no job when SIGTERM comes during up, and closes the session", async () => {
    await withExample(["sh", "-c", "echo running"], async (example) => {
      example.stdout.on("data", () => assert.fail("the job ran"));
      await once(example.stderr, "data");
      example.kill("SIGTERM");
      assert.equal(await exitCode(example), 1);
    });
  });
});
