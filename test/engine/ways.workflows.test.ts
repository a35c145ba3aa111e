import assert from "node:assert/strict";
import { join } from "node:path";
import { ComponentResource, getOrganization, getProject, StackReference } from "@pulumi/pulumi";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";
import { useEmulator } from "../support/emulator";
import { diary, failureOf, runPulumi, urnOf, useEngine, withProgram } from "../support/engine";

describe("A workflow of Pulumi", function () {
  this.timeout(180_000);
  useEngine();
  const emulator = useEmulator();
  const left = () => emulator().sessions().webCli.open.length;
  const cacheArgs = () => ({ instanceId: emulator().instanceId, password: emulator().redisPassword });

  it("targets: works on what is targeted, and leaves the rest", async () => {
    const triggers = ["one"];
    const program = async () => {
      for (const name of ["a", "b", "c"]) new WebCliSession(name, { ...cacheArgs(), triggers });
    };
    const since = diary(emulator());
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      triggers[0] = "two";
      await stack.up({ target: [await urnOf(stack, "a")] });
      assert.deepEqual(since(), ["login", "login", "login", "login", "logout"]);
      await stack.up({ exclude: [await urnOf(stack, "b")] });
      assert.deepEqual(since(), ["login", "logout"]);
      await stack.destroy({ target: [await urnOf(stack, "a")] });
      assert.deepEqual([since(), left()], [["logout"], 2]);
      await stack.destroy({ exclude: [await urnOf(stack, "b")] });
      assert.deepEqual([since(), left()], [["logout"], 1]);
    });
    assert.equal(left(), 0);
  });

  it("refactoring: a new name, parent or dependency by an alias keeps the session and runs nothing", async () => {
    const before: PulumiFn = async () => {
      const session = new WebCliSession("cache", cacheArgs());
      new WebCliCommand("seed", { session, create: "SET k v", delete: "DEL k" });
    };
    const after: PulumiFn = async () => {
      const parent = new ComponentResource("tests:index:Group", "group");
      const aliases = [{ name: "cache", parent: undefined }];
      const session = new WebCliSession("renamed", cacheArgs(), { parent, aliases });
      const args = { session, create: "SET k v", delete: "DEL k" };
      new WebCliCommand("seed", args, {
        parent: session,
        aliases: [{ parent: undefined }],
        dependsOn: parent,
      });
    };
    const since = diary(emulator());
    const programs = [before, after];
    await withProgram(emulator(), { program: async () => programs[0]?.() }, async (stack) => {
      await stack.up();
      programs.shift();
      await stack.up();
      assert.deepEqual(since(), ["login", "SET k v"]);
    });
    assert.deepEqual(since(), ["DEL k", "logout"]);
  });

  it("plans: an update that a plan allows goes through, and one that an expiry asks for does not", async () => {
    const program = async () => new WebCliSession("cache", cacheArgs());
    const env = { PULUMI_EXPERIMENTAL: "true" };
    const since = diary(emulator());
    await withProgram(emulator(), { program: async () => void (await program()), env }, async (stack) => {
      const plan = join(stack.workspace.pulumiHome ?? "", "plan.json");
      await stack.preview({ plan });
      assert.deepEqual(since(), []);
      await stack.up({ plan });
      await stack.preview({ plan });
      emulator().expireSessions();
      assert.match(await failureOf(stack.up({ plan })), /create-replacement is not allowed by the plan/);
      assert.deepEqual(since(), ["login"]);
    });
  });

  it("references: two stacks adopt one session, and the second destroy finds it ended", async () => {
    const owner = async () => {
      const { clientId } = new WebCliSession("cache", cacheArgs());
      return { clientId };
    };
    const since = diary(emulator());
    await withProgram(emulator(), { program: owner }, async (stack) => {
      await stack.up();
      const adopts = async () => {
        const owning = new StackReference(`${getOrganization()}/${getProject()}/${stack.name}`);
        const clientId = owning.requireOutput("clientId");
        new WebCliSession("cache", { instanceId: cacheArgs().instanceId, clientId });
      };
      const other = await beside(stack, adopts);
      await other.up();
      assert.deepEqual(since(), ["login"]);
      assert.deepEqual((await other.up()).summary.resourceChanges, { same: 2 });
      await stack.destroy();
      await other.destroy();
      assert.deepEqual(since(), ["logout", "logout (400)"]);
    });
    assert.equal(left(), 0);
  });

  it("two stacks at the same time: each has a session of its own", async () => {
    const program = async () => void new WebCliSession("cache", cacheArgs());
    const run = () =>
      withProgram(emulator(), { program }, async (stack) => {
        await stack.up();
        await stack.destroy();
      });
    await Promise.all([run(), run()]);
    const { opened, closed, open } = emulator().sessions().webCli;
    assert.deepEqual([opened, closed, open.length], [2, 2, 0]);
  });

  it("options: `ignoreChanges` keeps the session, and no triggers are the same as an empty list", async () => {
    const change: { password: string; triggers?: string[] } = { password: emulator().redisPassword };
    const program = async () => {
      const { instanceId } = emulator();
      new WebCliSession("ignoring", { instanceId, ...change }, { ignoreChanges: ["password", "triggers"] });
      new WebCliSession("plain", { ...cacheArgs(), triggers: change.triggers && [] });
    };
    const since = diary(emulator());
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      Object.assign(change, { password: "another", triggers: ["two"] });
      assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 3 });
      assert.deepEqual(since(), ["login", "login"]);
    });
  });

  it("options: `protect` keeps a session open, and not what is unprotected", async () => {
    const options = { protect: true };
    const program = async () => {
      const session = new WebCliSession("protected", cacheArgs(), options);
      new WebCliCommand("seed", { session, create: "SET k v", delete: "DEL k" }, { protect: false });
    };
    const since = diary(emulator());
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      assert.match(await failureOf(stack.destroy()), /protected/);
      assert.deepEqual([since(), left()], [["login", "SET k v", "DEL k"], 1]);
      options.protect = false;
      await stack.up();
      assert.deepEqual(since(), ["SET k v"]);
    });
  });

  it("options: `retainOnDelete` leaves a session open, and `deletedWith` runs no delete command", async () => {
    const program = async () => {
      const session = new WebCliSession("cache", cacheArgs());
      new WebCliCommand("seed", { session, create: "SET k v", delete: "DEL k" }, { deletedWith: session });
      new WebCliSession("retained", cacheArgs(), { retainOnDelete: true });
    };
    const since = diary(emulator());
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      assert.deepEqual(since().sort(), ["SET k v", "login", "login"]);
      await stack.destroy();
    });
    assert.deepEqual([since(), left()], [["logout"], 1]);
  });

  it("shows no secret in the output of a command", async () => {
    const { redisPassword, secretKey, accessKey } = emulator();
    const program = async () => {
      const session = new WebCliSession("cache", cacheArgs());
      const { response } = new WebCliCommand("echo", { session, create: "ECHO s3cret-answer" });
      return { clientId: session.clientId, response };
    };
    await withProgram(emulator(), { program }, async (stack) => {
      const printed = [
        (await stack.preview({ diff: true })).stdout,
        (await stack.up({ diff: true })).stdout,
        await runPulumi(stack, "stack", "export"),
        await runPulumi(stack, "stack", "output", "--json"),
        await runPulumi(stack, "stack", "--show-urns", "--show-ids"),
        (await stack.refresh()).stdout,
      ];
      const clientId = emulator().sessions().webCli.open[0] ?? "";
      printed.push((await stack.destroy({ diff: true })).stdout);
      for (const secret of [redisPassword, secretKey, accessKey, clientId]) {
        assert.ok(secret.length > 5 && printed.every((text) => !text.includes(secret)), `printed ${secret}`);
      }
    });
  });

  /** A second stack in the same backend. */
  async function beside(stack: Stack, program: PulumiFn): Promise<Stack> {
    const { workDir, pulumiCommand, pulumiHome, envVars } = stack.workspace;
    const workspace = { workDir, pulumiCommand, pulumiHome, envVars };
    const options = { stackName: `${stack.name}-beside`, projectName: "tests", program };
    const other = await LocalWorkspace.createStack(options, workspace);
    await other.setAllConfig(await stack.getAllConfig());
    return other;
  }
});
