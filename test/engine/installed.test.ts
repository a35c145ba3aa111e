import assert from "node:assert/strict";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import type * as sessions from "pulumi-huaweicloud-sessions";
import { providerText } from "../../provider/resources/providerText";
import { openSessions, useEmulator } from "../support/emulator";
import { stateOnDisk, useEngine, withProgram } from "../support/engine";
import { Host } from "../support/host";
import { useInstalledPackage } from "../support/installed";
import { configOf } from "../support/lifecycles";

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

  it("loads in the dynamic-provider host by its provider text", async () => {
    const { instanceId, redisPassword: password } = emulator();
    const host = await Host.start(project().folder, configOf(emulator()));
    try {
      const { inputs } = await host.check({
        __provider: providerText("WebCliSession"),
        instanceId,
        password,
      });
      const { id, outs } = await host.create(inputs);
      assert.deepEqual(open(), [1, 0]);
      await host.delete(id, outs);
      assert.deepEqual(open(), [0, 0]);
    } finally {
      await host.stop();
    }
  });

  it("goes up, changes nothing on a second up, and destroys", async () => {
    await withProgram(emulator(), { program, workDir: project().folder }, async (stack) => {
      await stack.up();
      assert.deepEqual(open(), [1, 1]);
      assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 3 });
      assert.ok(!stateOnDisk(stack).includes(project().folder));
      await stack.destroy();
      assert.deepEqual(open(), [0, 0]);
    });
  });

  it("destroys from another directory that has only the state, the program and node_modules", async () => {
    await withProgram(emulator(), { program, workDir: project().folder }, async (stack) => {
      await stack.up();
      const other = await elsewhere(stack);
      await other.destroy();
      assert.deepEqual(open(), [0, 0]);
    });
  });

  function elsewhere(stack: Stack): Promise<Stack> {
    const { pulumiCommand, pulumiHome, envVars } = stack.workspace;
    const workspace = { workDir: project().elsewhere, pulumiCommand, pulumiHome, envVars };
    return LocalWorkspace.selectStack({ stackName: stack.name, projectName: "tests", program }, workspace);
  }
});
