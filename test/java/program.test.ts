import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation";
import { openSessions, requestsOn, useEmulator } from "../support/emulator";
import { stateOnDisk, useEngine, withProgram } from "../support/engine";
import { SERVICE } from "../support/lifecycles";
import { useBundle } from "../support/plugin";
import { findJars } from "./jars";
import { writeSdk } from "./sdk";

const run = promisify(execFile);
const PROGRAM = join(__dirname, "Program.java");

/** Compiles the program with the SDK for the enclosing suite, and gives the class path to run it with. */
function useClasses(): () => string {
  let folder = "";
  let classPath = "";
  before(async function () {
    this.timeout(180_000);
    folder = await mkdtemp(join(tmpdir(), "java-"));
    const jars = await findJars(console.log);
    classPath = [folder, join(jars, "*")].join(delimiter);
    // Nothing else of Pulumi's dependencies is there for a program to compile against.
    const compileClassPath = ["pulumi.jar", "jsr305.jar"].map((name) => join(jars, name)).join(delimiter);
    const sources = await writeSdk(join(folder, "sdk"));
    await run("javac", ["--release", "11", "-d", folder, "-cp", compileClassPath, ...sources, PROGRAM]);
  });
  after(() => rm(folder, { recursive: true, force: true }));
  return () => classPath;
}

describe("A Java program with the native plugin", function () {
  this.timeout(180_000);
  useEngine();
  useBundle();
  const classPath = useClasses();
  const emulator = useEmulator();
  let workDir = "";
  beforeEach(async () => {
    workDir = await mkdtemp(join(tmpdir(), "java-"));
  });
  afterEach(() => rm(workDir, { recursive: true, force: true }));

  /** What came of an operation, a line each. */
  async function pulumi(stack: Stack, operation: "up" | "refresh" | "destroy"): Promise<string[]> {
    const { envVars, pulumiHome, pulumiCommand } = stack.workspace;
    const { dcsEndpoint, iamEndpoint, instanceId, projectId, accessKey, secretKey, redisPassword } =
      emulator();
    const { casUrl, username, password } = emulator();
    const env = {
      ...process.env,
      ...envVars,
      PULUMI_HOME: pulumiHome,
      PATH: [dirname(pulumiCommand.command), envVars.PATH].join(delimiter),
      STACK: stack.name,
      INSTANCE: instanceId,
      REDIS_PASSWORD: redisPassword,
      CAS_URL: casUrl,
      CAS_USERNAME: username,
      CAS_PASSWORD: password,
      CAS_SERVICE: SERVICE,
      DCS_ENDPOINT: dcsEndpoint,
      IAM_ENDPOINT: iamEndpoint,
      PROJECT_ID: projectId,
      ACCESS_KEY: accessKey,
      SECRET_KEY: secretKey,
    };
    const { stdout } = await run("java", ["-cp", classPath(), "Program", operation], { cwd: workDir, env });
    return stdout.trim().split("\n").sort();
  }

  function secrets(): string[] {
    const { redisPassword, password, accessKey, secretKey } = emulator();
    const { webCli, cas } = emulator().sessions();
    return [redisPassword, password, accessKey, secretKey, ...webCli.open, ...cas.open];
  }

  it("opens on up, changes nothing on a second up and on refresh, and ends on destroy", async () => {
    const outputs = ["databases 256", "response 0 secret"];
    await withProgram(emulator(), { program: async () => {}, workDir }, async (stack) => {
      assert.deepEqual(await pulumi(stack, "up"), ["create 6", ...outputs]);
      assert.deepEqual(openSessions(emulator()), [2, 1]);
      assert.equal(requestsOn(emulator(), "iam.securityTokens").length, 1);
      const state = stateOnDisk(stack);
      for (const secret of secrets()) assert.ok(!state.includes(secret), secret);
      assert.deepEqual(await pulumi(stack, "up"), [...outputs, "same 6"].sort());
      assert.deepEqual(await pulumi(stack, "refresh"), ["same 6"]);
      await pulumi(stack, "destroy");
      assert.deepEqual(openSessions(emulator()), [0, 0]);
    });
  });
});
