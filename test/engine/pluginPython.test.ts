import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation";
import { openSessions, useEmulator } from "../support/emulator";
import { environmentOf, REPOSITORY, stateOnDisk, useEngine, withProgram } from "../support/engine";
import { useFolder } from "../support/folder";
import { SERVICE } from "../support/lifecycles";
import { useBundle } from "../support/plugin";
import { usePython } from "../support/python";

const run = promisify(execFile);
const PROGRAM = join(REPOSITORY, "test/engine/python/program.py");

interface Result {
  changes: Record<string, number>;
  /** The value, and whether it is secret. */
  outputs: Record<string, [unknown, boolean]>;
}

describe("A Python program with the native plugin", function () {
  this.timeout(180_000);
  useEngine();
  useBundle();
  const python = usePython();
  const emulator = useEmulator();
  const workDir = useFolder();

  async function pulumi(stack: Stack, operation: "up" | "refresh" | "destroy"): Promise<Result> {
    const { instanceId, redisPassword, casUrl, username, password } = emulator();
    const env = {
      ...environmentOf(stack),
      PROJECT: "tests",
      ARGUMENTS: JSON.stringify({
        cache: { instanceId, password: redisPassword },
        manager: { casUrl, username, password, service: SERVICE },
      }),
    };
    const { stdout } = await run(python(), [PROGRAM, operation], { cwd: workDir(), env });
    return JSON.parse(stdout);
  }

  it("opens on up, changes nothing on a second up and on refresh, and ends on destroy with rotated keys", async () => {
    const open = () => openSessions(emulator());
    await withProgram(emulator(), { program: async () => {}, workDir: workDir() }, async (stack) => {
      const { outputs } = await pulumi(stack, "up");
      assert.deepEqual(outputs.response, ["0", true]);
      assert.deepEqual(open(), [1, 1]);
      const state = stateOnDisk(stack);
      for (const secret of [
        emulator().redisPassword,
        emulator().password,
        ...emulator().sessions().webCli.open,
      ]) {
        assert.ok(!state.includes(secret), secret);
      }
      assert.deepEqual((await pulumi(stack, "up")).changes, { same: 4 });
      assert.deepEqual((await pulumi(stack, "refresh")).changes, { same: 4 });
      const { accessKey, secretKey } = emulator().rotateKeys();
      await stack.setConfig("huaweicloud-sessions:accessKey", { value: accessKey, secret: true });
      await stack.setConfig("huaweicloud-sessions:secretKey", { value: secretKey, secret: true });
      await pulumi(stack, "destroy");
    });
    assert.deepEqual(open(), [0, 0]);
  });
});
