import assert from "node:assert/strict";
import type { Stack } from "@pulumi/pulumi/automation";
import { CasSession, WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";
import type { Emulator } from "../../emulator";
import { openSessions, useEmulator } from "../support/emulator";
import { diary, REPOSITORY, stateOnDisk, useEngine, useStack, withProgram } from "../support/engine";
import { SERVICE } from "../support/lifecycles";

/** Both sessions and a command, with plain strings for every secret. */
function all(emulator: Emulator, triggers: string[]) {
  const { instanceId, redisPassword, casUrl, username, password } = emulator;
  const cache = new WebCliSession("cache", { instanceId, password: redisPassword, triggers });
  const seed = new WebCliCommand("seed", { session: cache, create: "INCR runs", delete: "DEL runs" });
  const manager = new CasSession("manager", { casUrl, username, password, service: SERVICE, triggers });
  return { clientId: cache.clientId, cookie: manager.ticketGrantingCookie, response: seed.response };
}

describe("The life of the resources on the real engine", function () {
  this.timeout(120_000);
  useEngine();
  const triggers = ["one"];
  const life = useStack((emulator) => ({ program: async () => all(emulator, triggers) }));
  const changesOf = async (operation: ReturnType<Stack["up" | "refresh"]>) =>
    (await operation).summary.resourceChanges;

  it("begins on up", async () => {
    const { stack, emulator } = life();
    const { outputs } = await stack.up();
    assert.deepEqual(openSessions(emulator), [1, 1]);
    assert.deepEqual(outputs.clientId, { value: emulator.sessions().webCli.open[0], secret: true });
    assert.deepEqual([outputs.cookie?.secret, outputs.response?.secret], [true, true]);
  });

  it("leaves no secret in plain text in state, and no path of the machine", () => {
    const { stack, emulator } = life();
    const state = stateOnDisk(stack);
    const { redisPassword, password, accessKey, secretKey, sessions } = emulator;
    const { webCli, cas } = sessions();
    const secrets = [redisPassword, password, accessKey, secretKey, ...webCli.open, ...cas.open];
    assert.equal(secrets.length, 6);
    for (const secret of [...secrets, REPOSITORY]) {
      assert.ok(secret.length > 5 && !state.includes(secret), `the state holds ${secret}`);
    }
    assert.match(state, /"urn:pulumi:.*dcs:WebCliSession::cache"/);
  });

  it("stays the same on a second up and on refresh", async () => {
    const { stack } = life();
    assert.deepEqual(await changesOf(stack.up()), { same: 4 });
    assert.deepEqual(await changesOf(stack.refresh()), { same: 4 });
  });

  it("goes on in new sessions for changed triggers, and ends the old ones", async () => {
    const { stack, emulator } = life();
    triggers[0] = "two";
    assert.equal((await changesOf(stack.up()))?.replace, 2);
    assert.deepEqual(openSessions(emulator), [1, 1]);
    const { webCli, cas } = emulator.sessions();
    assert.deepEqual([webCli.closed, cas.closed], [1, 1]);
  });

  it("goes on in new sessions on a plain up after an expiry, which runs no command again", async () => {
    const { stack, emulator } = life();
    const since = diary(emulator);
    since();
    emulator.expireSessions();
    assert.deepEqual(await changesOf(stack.up()), { same: 1, replace: 2, update: 1 });
    assert.deepEqual(openSessions(emulator), [1, 1]);
    assert.deepEqual(since(), ["login", "logout (400)"]);
  });

  it("ends on destroy", async () => {
    const { stack, emulator } = life();
    assert.equal((await stack.destroy()).summary.result, "succeeded");
    const { webCli, cas } = emulator.sessions();
    assert.deepEqual(openSessions(emulator), [0, 0]);
    assert.deepEqual(
      [webCli.opened, webCli.closed, webCli.expired, cas.opened, cas.closed, cas.expired],
      [3, 2, 1, 3, 2, 1],
    );
    assert.deepEqual(
      diary(emulator)().filter((entry) => !/log(in|out)/.test(entry)),
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

describe("Bad input on the real engine", function () {
  this.timeout(120_000);
  useEngine();
  const emulator = useEmulator();

  it("is refused at preview, before anything is sent", async () => {
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
