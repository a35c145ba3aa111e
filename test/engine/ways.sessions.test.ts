import assert from "node:assert/strict";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import { WebCliCommand, WebCliSession, type WebCliSessionArgs } from "pulumi-huaweicloud-sessions";
import { useEmulator } from "../support/emulator";
import { diary, urnOf, useEngine, withProgram } from "../support/engine";

describe("Replacing a session", function () {
  this.timeout(180_000);
  useEngine();
  const emulator = useEmulator();

  function cache(args: Partial<WebCliSessionArgs> = {}, options?: CustomResourceOptions) {
    const { instanceId, redisPassword: password } = emulator();
    return new WebCliSession("cache", { instanceId, password, ...args }, options);
  }

  function seeded(options?: CustomResourceOptions) {
    const session = cache({}, options);
    new WebCliCommand("seed", { session, create: "SET k v", delete: "DEL k" });
  }

  it("opens another session for `up --replace` and after an expiry, says why, and runs nothing again", async () => {
    const since = diary(emulator());
    await withProgram(emulator(), { program: async () => seeded() }, async (stack) => {
      await stack.up();
      await stack.up({ replace: [await urnOf(stack, "cache")] });
      assert.deepEqual(since(), ["login", "SET k v", "login", "logout"]);
      emulator().expireSessions();
      const { stdout, changeSummary } = await stack.preview();
      assert.match(
        stdout,
        /Diagnostics:[\s\S]*The session of .* has expired or was ended\. It will be opened/,
      );
      assert.equal(changeSummary.replace, 1);
      await stack.up();
      assert.deepEqual(since(), ["login", "logout (400)"]);
    });
  });

  it("logs out before it logs in where the user asks for it, which replaces the commands too", async () => {
    const since = diary(emulator());
    const program = async () => seeded({ deleteBeforeReplace: true });
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      await stack.up({ replace: [await urnOf(stack, "cache")] });
      assert.deepEqual(since(), ["login", "SET k v", "DEL k", "logout", "login", "SET k v"]);
      emulator().expireSessions();
      const { stdout } = await stack.up();
      assert.deepEqual(since(), ["DEL k (400)", "logout (400)", "login", "SET k v"]);
      assert.match(stdout, /its session has ended\. What `create` did is still in place/);
    });
  });

  it("takes `replaceOnChanges` and custom timeouts without an effect of their own", async () => {
    const since = diary(emulator());
    const args = { reopenWhenExpired: true };
    const options = { replaceOnChanges: ["*"], customTimeouts: { create: "1s", delete: "1s" } };
    emulator().fault({ on: "webcli.auth", do: { delayMs: 1_200 } });
    await withProgram(emulator(), { program: async () => cache(args, options) }, async (stack) => {
      await stack.up();
      args.reopenWhenExpired = false;
      await stack.up();
      assert.deepEqual(since(), ["login"]);
    });
  });
});
