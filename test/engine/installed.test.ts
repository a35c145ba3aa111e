import assert from "node:assert/strict";
import type * as sessions from "pulumi-huaweicloud-sessions";
import { openSessions, useEmulator } from "../support/emulator";
import { inFolder, stateOnDisk, useEngine, withProgram } from "../support/engine";
import { useInstalledPackage } from "../support/installed";

describe("The packed package, installed in a project outside the repository", function () {
  this.timeout(120_000);
  useEngine();
  const project = useInstalledPackage();
  const emulator = useEmulator();
  const open = () => openSessions(emulator());

  const program = async () => {
    const { WebCliSession, CasSession }: typeof sessions = project().require("pulumi-huaweicloud-sessions");
    const { instanceId, redisPassword, casUrl, username, password } = emulator();
    new WebCliSession("cache", { instanceId, password: redisPassword });
    new CasSession("manager", { casUrl, username, password });
  };

  it("goes up, changes nothing on a second up, and destroys from another directory that has only the state, the program and node_modules", async () => {
    await withProgram(emulator(), { program, workDir: project().folder }, async (stack) => {
      await stack.up();
      assert.deepEqual(open(), [1, 1]);
      assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 3 });
      assert.ok(!stateOnDisk(stack).includes(project().folder));
      await (await inFolder(stack, project().elsewhere, program)).destroy();
      assert.deepEqual(open(), [0, 0]);
    });
  });
});
