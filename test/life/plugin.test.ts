import assert from "node:assert/strict";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { CasSession, WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";
import type { Emulator } from "../../emulator";
import { calls, commandsOf, openSessions, refusals, useEmulator } from "../support/emulator";
import { stateOnDisk, useEngine, withProgram } from "../support/engine";
import { LOGIN_FORM } from "../support/front";
import {
  NativeCasSession,
  NativeProvider,
  NativeWebCliCommand,
  NativeWebCliSession,
} from "../support/native";
import { useBundle } from "../support/plugin";
import { cacheArgs, managerArgs, testLife } from "./life";

/** Both sessions and a command, as a program without a generated SDK declares them. */
function declare(emulator: Emulator, more: object = {}) {
  const { clientId, instanceId } = new NativeWebCliSession("cache", { ...cacheArgs(emulator), ...more });
  const commands = { create: "INCR runs", delete: "DEL runs" };
  const { response } = new NativeWebCliCommand("runs", { clientId, instanceId, ...commands });
  const manager = new NativeCasSession("manager", { ...managerArgs(emulator), ...more });
  return { clientId, cookie: manager.ticketGrantingCookie, response };
}

describe("The native plugin on the real engine", function () {
  this.timeout(180_000);
  useEngine();
  useBundle();

  describe("whose resources' life, with keys that are rotated by `pulumi config set`,", () => {
    testLife(
      (emulator, triggers) => declare(emulator, { triggers }),
      async (stack, emulator) => {
        const { accessKey, secretKey } = emulator.rotateKeys();
        await stack.setConfig("huaweicloud-sessions:accessKey", { value: accessKey, secret: true });
        await stack.setConfig("huaweicloud-sessions:secretKey", { value: secretKey, secret: true });
      },
    );
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
    assert.equal(refusals(emulator()), 0);
  });

  it("refuses an unknown key of the configuration in one sentence", async () => {
    const config = { "huaweicloud-sessions:regoin": { value: "eu-de" } };
    await withProgram(emulator(), { program: async () => declare(emulator()), config }, async (stack) => {
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
