import assert from "node:assert/strict";
import { WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";
import { useEmulator } from "../support/emulator";
import { diary, failureOf, runPulumi, urnOf, useEngine, withProgram } from "../support/engine";

describe("Replacing a command", function () {
  this.timeout(180_000);
  useEngine();
  const emulator = useEmulator();

  const cacheArgs = () => ({ instanceId: emulator().instanceId, password: emulator().redisPassword });

  it("runs the old delete first, and never after the new create, also after a failed update", async () => {
    const args = { create: "SET k v", delete: "DEL k" };
    const program = async () => {
      const session = new WebCliSession("cache", cacheArgs());
      new WebCliCommand("seed", { session, ...args });
    };
    const since = diary(emulator());
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      args.create = "SETT k v";
      await failureOf(stack.up());
      args.create = "SET k v";
      await stack.up();
      assert.deepEqual(since(), ["login", "SET k v", "DEL k", "SETT k v", "SET k v"]);
      assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 3 });
      await stack.destroy();
    });
    assert.deepEqual(since(), ["DEL k", "logout"]);
  });

  it("runs the old delete first where the engine asks for the replacement, unless the user's option says otherwise", async () => {
    const program = async () => {
      const session = new WebCliSession("cache", cacheArgs());
      new WebCliCommand("seed", { session, create: "SET k v", delete: "DEL k" });
      const args = { session, create: "SET own v", delete: "DEL own" };
      new WebCliCommand("chosen", args, { deleteBeforeReplace: false });
    };
    const since = diary(emulator());
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      since();
      const [seed, chosen] = [await urnOf(stack, "seed"), await urnOf(stack, "chosen")];
      await stack.up({ replace: [seed, chosen] });
      const [own, others] = partition(since(), (entry) => entry.includes("own"));
      assert.deepEqual(others, ["DEL k", "SET k v"]);
      assert.deepEqual(own, ["SET own v", "DEL own"]);
      await runPulumi(stack, "state", "taint", seed, "--yes");
      await stack.up();
      assert.deepEqual(since(), ["DEL k", "SET k v"]);
    });
  });
});

function partition<T>(items: T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
