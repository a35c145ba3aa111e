import assert from "node:assert/strict";
import { CasSession, WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";
import { calls, commandsOf, useEmulator } from "../support/emulator";
import { REPOSITORY, stateOnDisk, useEngine, withProgram } from "../support/engine";
import { SERVICE } from "../support/lifecycles";

describe("The life of sessions on the real engine", function () {
  this.timeout(120_000);
  useEngine();
  const emulator = useEmulator();
  const open = () => [emulator().sessions().webCli.open.length, emulator().sessions().cas.open.length];

  /** Both sessions, with plain strings for every secret. */
  function both({ triggers }: { triggers?: string[] } = {}) {
    const { instanceId, redisPassword, casUrl, username, password } = emulator();
    const cache = new WebCliSession("cache", { instanceId, password: redisPassword, triggers });
    const manager = new CasSession("manager", { casUrl, username, password, service: SERVICE, triggers });
    return { clientId: cache.clientId, cookie: manager.ticketGrantingCookie };
  }

  it("opens on up, changes nothing on a second up and on refresh, and ends on destroy", async () => {
    await withProgram(emulator(), { program: async () => both() }, async (stack) => {
      const { outputs } = await stack.up();
      assert.deepEqual(open(), [1, 1]);
      assert.deepEqual(outputs.clientId, { value: emulator().sessions().webCli.open[0], secret: true });
      assert.equal(outputs.cookie?.secret, true);
      assert.deepEqual((await stack.up()).summary.resourceChanges, { same: 3 });
      assert.deepEqual((await stack.refresh()).summary.resourceChanges, { same: 3 });
      assert.equal((await stack.destroy()).summary.result, "succeeded");
    });
    assert.deepEqual(open(), [0, 0]);
    const { webCli, cas } = emulator().sessions();
    assert.deepEqual([webCli.opened, webCli.closed, cas.opened, cas.closed], [1, 1, 1, 1]);
  });

  it("keeps no secret in plain text in state, and no path of the machine", async () => {
    await withProgram(emulator(), { program: async () => both() }, async (stack) => {
      await stack.up();
      const state = stateOnDisk(stack);
      const { redisPassword, password, accessKey, secretKey } = emulator();
      const [clientId = "", cookie = ""] = [
        emulator().sessions().webCli.open[0],
        emulator().sessions().cas.open[0],
      ];
      for (const secret of [redisPassword, password, accessKey, secretKey, clientId, cookie, REPOSITORY]) {
        assert.ok(secret.length > 5 && !state.includes(secret), `the state holds ${secret}`);
      }
      assert.match(state, /"urn:pulumi:.*dcs:WebCliSession::cache"/);
      await stack.destroy();
    });
  });

  it("opens new sessions for changed triggers, and ends the old ones", async () => {
    const triggers = ["one"];
    await withProgram(emulator(), { program: async () => both({ triggers }) }, async (stack) => {
      await stack.up();
      triggers[0] = "two";
      const { summary } = await stack.up();
      assert.equal(summary.resourceChanges?.replace, 2);
      assert.deepEqual(open(), [1, 1]);
      assert.equal(emulator().sessions().webCli.closed, 1);
      await stack.destroy();
    });
    assert.deepEqual(open(), [0, 0]);
  });

  it("opens dead sessions again on a plain up, and moves their commands without running them again", async () => {
    const { instanceId, redisPassword: password } = emulator();
    const program = async () => {
      const session = new WebCliSession("cache", { instanceId, password });
      new WebCliCommand("seed", { session, create: "INCR runs", delete: "DEL runs" });
    };
    await withProgram(emulator(), { program }, async (stack) => {
      await stack.up();
      emulator().expireSessions();
      const { summary } = await stack.up();
      assert.deepEqual(summary.resourceChanges, { same: 1, replace: 1, update: 1 });
      assert.deepEqual(open(), [1, 0]);
      await stack.destroy();
    });
    assert.deepEqual(
      commandsOf(emulator()).filter((command) => command !== "PING"),
      ["INCR runs", "DEL runs"],
    );
    assert.equal(calls(emulator()).at(-1), "webcli.logout");
  });

  it("drops dead sessions on refresh", async () => {
    await withProgram(emulator(), { program: async () => both() }, async (stack) => {
      await stack.up();
      emulator().expireSessions();
      const { summary } = await stack.refresh();
      assert.equal(summary.resourceChanges?.delete, 2);
    });
  });

  it("refuses bad input at preview, before anything is sent", async () => {
    const program = async () => {
      new WebCliSession("cache", { instanceId: "../auth", password: "s3cr3t\u0000" });
    };
    await withProgram(emulator(), { program }, async (stack) => {
      await assert.rejects(stack.preview(), (error: Error) => {
        assert.match(error.message, /`instanceId` must be the ID from the console/);
        assert.doesNotMatch(error.message, /s3cr3t/);
        return true;
      });
    });
    assert.deepEqual(emulator().requests(), []);
  });
});
