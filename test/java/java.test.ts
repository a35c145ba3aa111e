import assert from "node:assert/strict";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import { all, writeProgram } from "../sdks/examples";
import { openSessions, requestsOn, useEmulator } from "../support/emulator";
import { environmentOf, stateOnDisk, useEngine, withProgram } from "../support/engine";
import { useFolder } from "../support/folder";
import { SERVICE } from "../support/lifecycles";
import { useBundle } from "../support/plugin";
import { useJava } from "./useJava";

describe("Java", function () {
  this.timeout(180_000);
  const java = useJava();
  const workDir = useFolder();

  for (const example of all) {
    it(`compiles the example ${example.name}`, async () => {
      await java().compile(await writeProgram(workDir(), example, "java", "App.java"));
    });
  }

  describe("with the native plugin", () => {
    useEngine();
    useBundle();
    const emulator = useEmulator();
    before(() => java().compile(join(__dirname, "Program.java")));

    /** What came of an operation, a line each. */
    async function pulumi(stack: Stack, operation: "up" | "refresh" | "destroy"): Promise<string[]> {
      const { casUrl, username, password } = emulator();
      const env = {
        ...environmentOf(stack),
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
      const printed = await java().run(["Program", operation], workDir(), env);
      return printed.trim().split("\n").sort();
    }

    function secrets(): string[] {
      const { redisPassword, password, accessKey, secretKey } = emulator();
      const { webCli, cas } = emulator().sessions();
      return [redisPassword, password, accessKey, secretKey, ...webCli.open, ...cas.open];
    }

    it("opens on up, changes nothing on a second up and on refresh, and ends on destroy", async () => {
      const outputs = ["databases 256", "response 0 secret"];
      await withProgram(emulator(), { program: async () => {}, workDir: workDir() }, async (stack) => {
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
