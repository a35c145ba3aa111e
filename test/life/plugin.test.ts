import assert from "node:assert/strict";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { CasSession, WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";
import { calls, commandsOf, useEmulator } from "../support/emulator";
import { stateOnDisk, useEngine, withProgram } from "../support/engine";
import { SERVICE } from "../support/lifecycles";
import {
  NativeCasSession,
  NativeProvider,
  NativeWebCliCommand,
  NativeWebCliSession,
} from "../support/native";
import { useBundle } from "../support/plugin";

describe("The native plugin on the real engine", function () {
  this.timeout(180_000);
  useEngine();
  useBundle();
  const emulator = useEmulator();
  const open = () => [emulator().sessions().webCli.open.length, emulator().sessions().cas.open.length];
  const cacheArgs = () => ({ instanceId: emulator().instanceId, password: emulator().redisPassword });
  const managerArgs = () => {
    const { casUrl, username, password } = emulator();
    return { casUrl, username, password, service: SERVICE };
  };

  /** Both sessions and a command, with plain strings for every secret. */
  async function all() {
    const cache = new NativeWebCliSession("cache", cacheArgs());
    const { clientId, instanceId } = cache;
    const size = new NativeWebCliCommand("runs", {
      clientId,
      instanceId,
      create: "INCR runs",
      delete: "DEL runs",
    });
    const manager = new NativeCasSession("manager", managerArgs());
    return { clientId, cookie: manager.ticketGrantingCookie, response: size.response };
  }

  it("opens on up, changes nothing on a second up and on refresh, and ends on destroy", async () => {
    await withProgram(emulator(), { program: all }, async (stack) => {
      const { outputs } = await stack.up();
      assert.deepEqual(open(), [1, 1]);
      assert.deepEqual(outputs.clientId, { value: emulator().sessions().webCli.open[0], secret: true });
      assert.deepEqual([outputs.cookie?.secret, outputs.response?.secret], [true, true]);
      assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 4 });
      assert.deepEqual((await stack.refresh()).summary.resourceChanges, { same: 4 });
      await stack.destroy();
    });
    assert.deepEqual(open(), [0, 0]);
    assert.deepEqual(
      commandsOf(emulator()).filter((command) => command !== "PING"),
      ["INCR runs", "DEL runs"],
    );
  });

  it("keeps no secret in plain text in state, and shows none in a diff", async () => {
    await withProgram(emulator(), { program: all }, async (stack) => {
      await stack.up();
      const { redisPassword, password, accessKey, secretKey, sessions } = emulator();
      const secrets = [
        redisPassword,
        password,
        accessKey,
        secretKey,
        ...sessions().webCli.open,
        ...sessions().cas.open,
      ];
      emulator().expireSessions();
      const { stdout } = await stack.preview({ diff: true });
      assert.match(stdout, /\+-huaweicloud-sessions:index:WebCliSession: \(replace\)/);
      for (const text of [stateOnDisk(stack), stdout]) {
        for (const secret of secrets) assert.ok(secret.length > 5 && !text.includes(secret), secret);
      }
    });
  });

  it("previews without a request of a session that is to be opened", async () => {
    await withProgram(emulator(), { program: all }, async (stack) => {
      assert.deepEqual((await stack.preview()).changeSummary, { create: 4 });
    });
    assert.deepEqual(emulator().requests(), []);
  });

  it("opens dead sessions again, and moves their commands without running them again", async () => {
    await withProgram(emulator(), { program: all }, async (stack) => {
      await stack.up();
      emulator().expireSessions();
      const { summary } = await stack.up();
      assert.deepEqual(summary.resourceChanges, { same: 1, replace: 2, update: 1 });
      assert.deepEqual(open(), [1, 1]);
      emulator().expireSessions();
      assert.equal((await stack.refresh()).summary.resourceChanges?.delete, 2);
    });
    assert.equal(commandsOf(emulator()).filter((command) => command === "INCR runs").length, 1);
  });

  it("keeps a session that a failed create could not log out, and ends it on destroy", async () => {
    const program = async () => {
      new NativeCasSession("manager", managerArgs());
    };
    await withProgram(emulator(), { program }, async (stack) => {
      emulator().fault({ on: "cas.probe", times: 2, do: { status: 200, body: LOGIN_FORM } });
      emulator().fault({ on: "cas.logout", do: { status: 403 } });
      await assert.rejects(stack.up(), /does not recognize the new session.*kept in the stack's state/s);
      assert.deepEqual(open(), [0, 1]);
      emulator().clearFaults();
      await stack.destroy();
    });
    assert.deepEqual(open(), [0, 0]);
  });

  it("destroys with keys that were rotated by `pulumi config set`", async () => {
    await withProgram(emulator(), { program: all }, async (stack) => {
      await stack.up();
      const { accessKey, secretKey } = emulator().rotateKeys();
      await stack.setConfig("huaweicloud-sessions:accessKey", { value: accessKey, secret: true });
      await stack.setConfig("huaweicloud-sessions:secretKey", { value: secretKey, secret: true });
      await stack.destroy();
    });
    assert.deepEqual(open(), [0, 0]);
  });

  it("gives an explicit provider its own keys, and none of the stack's", async () => {
    const { accessKey, secretKey, projectId, dcsEndpoint } = emulator();
    const program = async () => {
      const provider = new NativeProvider("eu", { accessKey, secretKey, projectId, dcsEndpoint });
      new NativeWebCliSession("cache", cacheArgs(), { provider });
    };
    const config = {
      "huaweicloud-sessions:accessKey": { value: "AKOFTHESTACK" },
      "huaweicloud-sessions:secretKey": { value: "SKOFTHESTACK" },
    };
    await withProgram(emulator(), { program, config }, async (stack) => {
      await stack.up();
      assert.ok(!stateOnDisk(stack).includes(secretKey));
      await stack.destroy();
    });
    assert.deepEqual(open(), [0, 0]);
    assert.ok(
      emulator()
        .requests()
        .every(({ status }) => status !== 401),
    );
  });

  it("refuses an unknown key of the configuration in one sentence", async () => {
    const config = { "huaweicloud-sessions:regoin": { value: "eu-de" } };
    await withProgram(emulator(), { program: all, config }, async (stack) => {
      await assert.rejects(stack.up(), /The provider has no argument `regoin`; did you mean `region`\?/);
    });
    assert.deepEqual(calls(emulator()), []);
  });

  describe("moves a stack without closing a session", () => {
    /** As a program in TypeScript declares them. */
    async function dynamic(): Promise<void> {
      const was = (type: string) => ({ aliases: [{ type: `huaweicloud-sessions:index:${type}` }] });
      const session = new WebCliSession("cache", cacheArgs(), was("WebCliSession"));
      new WebCliCommand("runs", { session, create: "INCR runs", delete: "DEL runs" }, was("WebCliCommand"));
      new CasSession("manager", managerArgs(), was("CasSession"));
    }
    /** As a generated SDK declares them, with the aliases of the schema. */
    async function native(): Promise<void> {
      const was = (type: string) => ({ aliases: [{ type: `pulumi-nodejs:dynamic/${type}` }] });
      const cache = new NativeWebCliSession("cache", cacheArgs(), was("dcs:WebCliSession"));
      const args = { clientId: cache.clientId, instanceId: cache.instanceId, create: "INCR runs" };
      new NativeWebCliCommand("runs", { ...args, delete: "DEL runs" }, was("dcs:WebCliCommand"));
      new NativeCasSession("manager", managerArgs(), was("mrs:CasSession"));
    }

    const ways: [string, PulumiFn, PulumiFn][] = [
      ["from dynamic resources to the plugin, and back", dynamic, native],
      ["from the plugin to dynamic resources, and back", native, dynamic],
    ];
    for (const [way, first, second] of ways) {
      it(way, async () => {
        let program = first;
        await withProgram(emulator(), { program: () => program() }, async (stack) => {
          await stack.up();
          for (program of [second, first, second]) {
            const { summary } = await stack.up();
            assert.equal(summary.resourceChanges?.replace, undefined);
            assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 4 });
          }
          await stack.destroy();
        });
        const { webCli, cas } = emulator().sessions();
        assert.deepEqual([webCli.opened, webCli.closed, cas.opened, cas.closed], [1, 1, 1, 1]);
        const commands = commandsOf(emulator()).filter((command) => command !== "PING");
        assert.deepEqual(commands, ["INCR runs", "DEL runs"]);
      });
    }
  });
});

const LOGIN_FORM =
  '<form method="post"><input type="password" name="password"><input type="hidden" name="lt" value="LT-1"></form>';
