import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { examples } from "../../tools/plugin/examples";
import { openSessions, requestsOn, useEmulator } from "../support/emulator";
import { stateOnDisk, useEngine, withProgram } from "../support/engine";
import { SERVICE } from "../support/lifecycles";
import { useBundle } from "../support/plugin";
import { useJava } from "./useJava";

describe("Java", function () {
  this.timeout(180_000);
  const java = useJava();
  let workDir = "";
  beforeEach(async () => {
    workDir = await mkdtemp(join(tmpdir(), "java-"));
  });
  afterEach(() => rm(workDir, { recursive: true, force: true }));

  for (const { name, programs } of Object.values(examples).flat()) {
    it(`compiles the example ${name}`, async () => {
      const source = join(workDir, "App.java");
      await writeFile(source, programs.java);
      await java().compile(source);
    });
  }

  describe("with the native plugin", () => {
    useEngine();
    useBundle();
    const emulator = useEmulator();
    before(() => java().compile(join(__dirname, "Program.java")));

    /** What came of an operation, a line each. */
    async function pulumi(stack: Stack, operation: "up" | "refresh" | "destroy"): Promise<string[]> {
      const { envVars, pulumiHome, pulumiCommand } = stack.workspace;
      const { casUrl, username, password } = emulator();
      const env = {
        ...process.env,
        ...envVars,
        PULUMI_HOME: pulumiHome,
        PATH: [dirname(pulumiCommand.command), envVars.PATH].join(delimiter),
        STACK: stack.name,
        INSTANCE: emulator().instanceId,
        REDIS_PASSWORD: emulator().redisPassword,
        CAS_URL: casUrl,
        CAS_USERNAME: username,
        CAS_PASSWORD: password,
        CAS_SERVICE: SERVICE,
        DCS_ENDPOINT: emulator().dcsEndpoint,
        IAM_ENDPOINT: emulator().iamEndpoint,
        PROJECT_ID: emulator().projectId,
        ACCESS_KEY: emulator().accessKey,
        SECRET_KEY: emulator().secretKey,
      };
      const printed = await java().run(["Program", operation], workDir, env);
      return printed.trim().split("\n").sort();
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
});
