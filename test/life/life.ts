import assert from "node:assert/strict";
import type { Output } from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation";
import type { Emulator } from "../../emulator";
import { openSessions } from "../support/emulator";
import { diary, REPOSITORY, stateOnDisk, useStack } from "../support/engine";
import { SERVICE } from "../support/lifecycles";

/** What a program exports that declares both sessions, and a command that runs `INCR runs` and `DEL runs`. */
interface Declared {
  clientId: Output<string>;
  cookie: Output<string>;
  response: Output<string>;
}

type Declare = (emulator: Emulator, triggers: string[]) => Declared;

/** The arguments of a Web CLI session. */
export function cacheArgs({ instanceId, redisPassword: password }: Emulator) {
  return { instanceId, password };
}

/** The arguments of a CAS session. */
export function managerArgs({ casUrl, username, password }: Emulator) {
  return { casUrl, username, password, service: SERVICE };
}

/** The tests of a life on the real engine, with plain strings for every secret, however a program declares it. */
export function testLife(declare: Declare, beforeDestroy?: (stack: Stack, emulator: Emulator) => unknown) {
  const triggers = ["one"];
  const life = useStack((emulator) => ({ program: async () => declare(emulator, triggers) }));
  const changesOf = async (operation: ReturnType<Stack["up" | "refresh"]>) =>
    (await operation).summary.resourceChanges;
  const secretsOf = ({ redisPassword, password, accessKey, secretKey, sessions }: Emulator) => {
    const { webCli, cas } = sessions();
    const secrets = [redisPassword, password, accessKey, secretKey, ...webCli.open, ...cas.open];
    assert.ok(secrets.length === 6 && secrets.every((secret) => secret.length > 5));
    return secrets;
  };
  const assertShowsNone = (text: string, secrets: string[]) => {
    for (const secret of secrets) assert.ok(!text.includes(secret), `it holds ${secret}`);
  };

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

  it("leaves no secret in plain text in state, and no path of the machine", () => {
    const { stack, emulator } = life();
    const state = stateOnDisk(stack);
    assertShowsNone(state, [...secretsOf(emulator), REPOSITORY]);
    assert.match(state, /"urn:pulumi:.*:WebCliSession::cache"/);
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

  it("goes on in new sessions on a plain up after an expiry, which shows no secret and runs no command again", async () => {
    const { stack, emulator } = life();
    const since = diary(emulator);
    since();
    const secrets = secretsOf(emulator);
    emulator.expireSessions();
    const { stdout } = await stack.preview({ diff: true });
    assert.match(stdout, /\+-.*WebCliSession: \(replace\)/);
    assertShowsNone(stdout, secrets);
    assert.deepEqual(await changesOf(stack.up()), { same: 1, replace: 2, update: 1 });
    assert.deepEqual(openSessions(emulator), [1, 1]);
    assert.deepEqual(since(), ["login", "logout (400)"]);
  });

  it("ends on destroy", async () => {
    const { stack, emulator } = life();
    await beforeDestroy?.(stack, emulator);
    assert.equal((await stack.destroy()).summary.result, "succeeded");
    const { webCli, cas } = emulator.sessions();
    const ended = { open: [], opened: 3, closed: 2, expired: 1 };
    assert.deepEqual([webCli, cas], [ended, ended]);
    const commands = diary(emulator)().filter((entry) => !/log(in|out)/.test(entry));
    assert.deepEqual(commands, ["INCR runs", "DEL runs"]);
  });

  it("is over on refresh after an expiry", async () => {
    const { stack, emulator } = life();
    await stack.up();
    emulator.expireSessions();
    assert.equal((await changesOf(stack.refresh()))?.delete, 2);
  });
}
