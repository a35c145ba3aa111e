import assert from "node:assert/strict";
import type { PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { CasSession, WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";
import type { Emulator } from "../../emulator";
import { calls, commandsOf, openSessions, useEmulator } from "../support/emulator";
import { stateOnDisk, useEngine, useStack, withProgram } from "../support/engine";
import { SERVICE } from "../support/lifecycles";
import {
  NativeCasSession,
  NativeProvider,
  NativeWebCliCommand,
  NativeWebCliSession,
} from "../support/native";
import { useBundle } from "../support/plugin";

/** Both sessions and a command, with plain strings for every secret. */
async function all(emulator: Emulator) {
  const cache = new NativeWebCliSession("cache", cacheArgs(emulator));
  const { clientId, instanceId } = cache;
  const commands = { create: "INCR runs", delete: "DEL runs" };
  const { response } = new NativeWebCliCommand("runs", { clientId, instanceId, ...commands });
  const manager = new NativeCasSession("manager", managerArgs(emulator));
  return { clientId, cookie: manager.ticketGrantingCookie, response };
}

function cacheArgs({ instanceId, redisPassword: password }: Emulator) {
  return { instanceId, password };
}

function managerArgs({ casUrl, username, password }: Emulator) {
  return { casUrl, username, password, service: SERVICE };
}

describe("The native plugin on the real engine", function () {
  this.timeout(180_000);
  useEngine();
  useBundle();

  describe("a life of its resources", () => {
    const life = useStack((emulator) => ({ program: () => all(emulator) }));
    const changesOf = async (operation: ReturnType<Stack["up" | "refresh"]>) =>
      (await operation).summary.resourceChanges;

    it("is previewed without a request", async () => {
      const { stack, emulator } = life();
      assert.deepEqual((await stack.preview()).changeSummary, { create: 4 });
      assert.deepEqual(emulator.requests(), []);
    });

    it("begins on up", async () => {
      const { stack, emulator } = life();
      const { outputs } = await stack.up();
      assert.deepEqual(openSessions(emulator), [1, 1]);
      assert.deepEqual(outputs.clientId, { value: emulator.sessions().webCli.open[0], secret: true });
      assert.deepEqual([outputs.cookie?.secret, outputs.response?.secret], [true, true]);
    });

    it("stays the same on a second up and on refresh", async () => {
      const { stack } = life();
      assert.deepEqual(await changesOf(stack.up()), { same: 4 });
      assert.deepEqual(await changesOf(stack.refresh()), { same: 4 });
    });

    it("leaves no secret in plain text in state, and shows none in a diff after an expiry", async () => {
      const { stack, emulator } = life();
      const { redisPassword, password, accessKey, secretKey, sessions } = emulator;
      const { webCli, cas } = sessions();
      const secrets = [redisPassword, password, accessKey, secretKey, ...webCli.open, ...cas.open];
      assert.equal(secrets.length, 6);
      emulator.expireSessions();
      const { stdout } = await stack.preview({ diff: true });
      assert.match(stdout, /\+-huaweicloud-sessions:index:WebCliSession: \(replace\)/);
      for (const text of [stateOnDisk(stack), stdout]) {
        for (const secret of secrets) assert.ok(secret.length > 5 && !text.includes(secret), secret);
      }
    });

    it("goes on in new sessions on a plain up after an expiry, which runs no command again", async () => {
      const { stack, emulator } = life();
      assert.deepEqual(await changesOf(stack.up()), { same: 1, replace: 2, update: 1 });
      assert.deepEqual(openSessions(emulator), [1, 1]);
      assert.equal(commandsOf(emulator).filter((command) => command === "INCR runs").length, 1);
    });

    it("ends on destroy, with keys that were rotated by `pulumi config set`", async () => {
      const { stack, emulator } = life();
      const { accessKey, secretKey } = emulator.rotateKeys();
      await stack.setConfig("huaweicloud-sessions:accessKey", { value: accessKey, secret: true });
      await stack.setConfig("huaweicloud-sessions:secretKey", { value: secretKey, secret: true });
      await stack.destroy();
      assert.deepEqual(openSessions(emulator), [0, 0]);
      assert.deepEqual(
        commandsOf(emulator).filter((command) => command !== "PING"),
        ["INCR runs", "DEL runs"],
      );
    });

    it("is over on refresh after an expiry", async () => {
      const { stack, emulator } = life();
      await stack.up();
      emulator.expireSessions();
      assert.equal((await changesOf(stack.refresh()))?.delete, 2);
    });
  });

  const emulator = useEmulator();

  it("keeps a session that a failed create could not log out, and ends it on destroy", async () => {
    const program = async () => {
      new NativeCasSession("manager", managerArgs(emulator()));
    };
    await withProgram(emulator(), { program }, async (stack) => {
      emulator().fault({ on: "cas.probe", times: 2, do: { status: 200, body: LOGIN_FORM } });
      emulator().fault({ on: "cas.logout", do: { status: 403 } });
      await assert.rejects(stack.up(), /does not recognize the new session.*kept in the stack's state/s);
      assert.deepEqual(openSessions(emulator()), [0, 1]);
      emulator().clearFaults();
      await stack.destroy();
    });
    assert.deepEqual(openSessions(emulator()), [0, 0]);
  });

  it("gives an explicit provider its own keys, and none of the stack's", async () => {
    const { accessKey, secretKey, projectId, dcsEndpoint } = emulator();
    const program = async () => {
      const provider = new NativeProvider("eu", { accessKey, secretKey, projectId, dcsEndpoint });
      new NativeWebCliSession("cache", cacheArgs(emulator()), { provider });
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
    assert.deepEqual(openSessions(emulator()), [0, 0]);
    assert.ok(
      emulator()
        .requests()
        .every(({ status }) => status !== 401),
    );
  });

  it("refuses an unknown key of the configuration in one sentence", async () => {
    const config = { "huaweicloud-sessions:regoin": { value: "eu-de" } };
    await withProgram(emulator(), { program: () => all(emulator()), config }, async (stack) => {
      await assert.rejects(stack.up(), /The provider has no argument `regoin`; did you mean `region`\?/);
    });
    assert.deepEqual(calls(emulator()), []);
  });

  describe("moves a stack without closing a session", () => {
    /** As a program in TypeScript declares them. */
    async function dynamic(): Promise<void> {
      const was = (type: string) => ({ aliases: [{ type: `huaweicloud-sessions:index:${type}` }] });
      const session = new WebCliSession("cache", cacheArgs(emulator()), was("WebCliSession"));
      new WebCliCommand("runs", { session, create: "INCR runs", delete: "DEL runs" }, was("WebCliCommand"));
      new CasSession("manager", managerArgs(emulator()), was("CasSession"));
    }
    /** As a generated SDK declares them, with the aliases of the schema. */
    async function native(): Promise<void> {
      const was = (type: string) => ({ aliases: [{ type: `pulumi-nodejs:dynamic/${type}` }] });
      const cache = new NativeWebCliSession("cache", cacheArgs(emulator()), was("dcs:WebCliSession"));
      const args = { clientId: cache.clientId, instanceId: cache.instanceId, create: "INCR runs" };
      new NativeWebCliCommand("runs", { ...args, delete: "DEL runs" }, was("dcs:WebCliCommand"));
      new NativeCasSession("manager", managerArgs(emulator()), was("mrs:CasSession"));
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
          for (program of [second, first]) {
            const { summary } = await stack.up();
            assert.equal(summary.resourceChanges?.replace, undefined);
            assert.deepEqual((await stack.preview()).changeSummary, { same: 4 });
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
