import assert from "node:assert/strict";
import type { FaultAction } from "../../emulator";
import type { CommandInputs, CommandState } from "../../provider/lifecycle/commandInputs";
import { calls, commandsOf, requestsOn, useEmulator } from "../support/emulator";
import { BRIEF, commandInputs, commandLifecycle, webCliInputs } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";
import { rejection } from "../support/rejection";

const SEED = { create: "SET ready 1", delete: "DEL ready" };
/** An update in place; the order is for a replacement that the engine may ask for itself. */
const MOVED = { changes: true, replaces: [], deleteBeforeReplace: true };
const WHOLE_RUN = ["webcli.auth", "webcli.command", "webcli.logout"];

describe("A WebCliCommand with a session of its own", () => {
  const emulator = useEmulator();
  const lifecycle = () => commandLifecycle(emulator());
  const inputs = (more: Partial<CommandInputs> = {}): CommandInputs => ({
    ...webCliInputs(emulator()),
    ...SEED,
    ...more,
  });
  const counts = () => emulator().sessions().webCli;
  const created = async (more?: Partial<CommandInputs>) => (await lifecycle().create(inputs(more))).outs;
  const refuseLogout = (times = 1) => emulator().fault({ on: "webcli.logout", times, do: { status: 403 } });
  /** The state that a failed create left behind. */
  const leftBehind = (error: { properties?: unknown }): CommandState => Object(error.properties);

  it("logs in, runs the command, and logs out, on create and on delete, and keeps no client ID in state", async () => {
    const state = await created({ database: 3 });
    assert.deepEqual(state, { ...inputs(), database: 3, response: "OK" });
    assert.deepEqual(counts(), { open: [], opened: 1, closed: 1, expired: 0 });
    await lifecycle().delete("", state);
    assert.deepEqual(calls(emulator()), [...WHOLE_RUN, ...WHOLE_RUN]);
    assert.deepEqual(commandsOf(emulator()), ["SET ready 1", "DEL ready"]);
    assert.deepEqual(counts(), { open: [], opened: 2, closed: 2, expired: 0 });
  });

  it("has a session of its own beside another command on the same instance", async () => {
    const [one, other] = await Promise.all([created(), created({ create: "SET other 1" })]);
    assert.deepEqual([one.response, other.response], ["OK", "OK"]);
    const used = requestsOn(emulator(), "webcli.command").map(({ body }) => JSON.parse(body).client_id);
    assert.equal(new Set(used).size, 2);
  });

  it("logs in without a password where access is password-free", async () => {
    await emulator.start({ redisPassword: "" });
    assert.equal((await created({ password: undefined, create: "PING" })).response, "PONG");
  });

  it("logs out after a command that failed", async () => {
    const error = await rejection(created({ create: "NOSUCH s3cr3t" }));
    assert.match(error.message, /^Could not run the command .* Redis answered ERR unknown command\./);
    assert.equal(error.id, undefined);
    assert.deepEqual(counts(), { open: [], opened: 1, closed: 1, expired: 0 });
  });

  it("does not run a command twice that may have run, and logs out", async () => {
    emulator().fault({ on: "webcli.command", do: { drop: "after" } });
    const { message } = await rejection(created());
    assert.match(message, /The command may have run, and was not sent again/);
    assert.deepEqual(calls(emulator()), WHOLE_RUN);
  });

  it("neither runs a command nor logs out where the login is rejected", async () => {
    const { message } = await rejection(created({ password: "hunter2" }));
    assert.match(message, /^Could not run the command .* answered 400 111400080/);
    assert.doesNotMatch(message, /hunter2/);
    assert.deepEqual(calls(emulator()), ["webcli.auth"]);
  });

  it("is done with a notice when its instance no longer exists", async () => {
    const state = await created();
    emulator().removeInstance();
    assert.deepEqual(await noticesOf(() => lifecycle().delete("", state)), [
      `The delete command did not run on DCS instance ${state.instanceId}: the instance no longer exists.`,
    ]);
  });

  describe("whose logout failed after the command had run", () => {
    const fail = async () => {
      refuseLogout();
      const error = await rejection(lifecycle().create({ ...inputs(), __provider: "text" }));
      return { error, state: leftBehind(error) };
    };

    it("is kept in state as done, with the session", async () => {
      const { error, state } = await fail();
      const [unclosedClientId = ""] = counts().open;
      assert.match(String(error.id), /^command-/);
      assert.match(error.message, /^Could not log out of the Web CLI .* is kept in the stack's state/);
      assert.ok(!error.message.includes(unclosedClientId));
      assert.deepEqual(state, { ...inputs(), response: "OK", unclosedClientId, __provider: "text" });
    });

    it("has that session ended by the next update, without running again", async () => {
      const { state } = await fail();
      assert.deepEqual(await lifecycle().diff("", state, inputs()), MOVED);
      const { outs } = await lifecycle().update("", state, inputs());
      assert.deepEqual(outs, { ...inputs(), response: "OK" });
      assert.deepEqual(commandsOf(emulator()), ["SET ready 1"]);
      assert.equal(counts().open.length, 0);
    });

    it("has that session ended by the next delete, before the delete command runs", async () => {
      const { state } = await fail();
      const before = calls(emulator()).length;
      await lifecycle().delete("", state);
      assert.deepEqual(calls(emulator()).slice(before), ["webcli.logout", ...WHOLE_RUN]);
      assert.equal(counts().open.length, 0);
    });

    it("keeps it in state as long as that fails", async () => {
      const { state } = await fail();
      refuseLogout(2);
      await rejection(lifecycle().update("", state, inputs()));
      await rejection(lifecycle().delete("", state));
      assert.deepEqual(commandsOf(emulator()), ["SET ready 1"]);
    });
  });

  it("whose command and logout both failed is kept in state to end the session, and nothing else", async () => {
    refuseLogout();
    const error = await rejection(created({ create: "NOSUCH a" }));
    assert.match(error.message, /^Could not run the command .* Redis answered ERR unknown command/);
    const state = leftBehind(error);
    assert.equal(state.unfinished, true);
    const diff = await lifecycle().diff("", state, inputs({ create: "NOSUCH a" }));
    assert.deepEqual(diff, { changes: true, replaces: ["create"], deleteBeforeReplace: true });
    await lifecycle().delete("", state);
    assert.deepEqual(commandsOf(emulator()), ["NOSUCH a"]);
    assert.equal(counts().open.length, 0);
  });

  describe("whose delete command ran before its logout failed", () => {
    const fail = async (times = 1) => {
      const state = await created();
      refuseLogout(times);
      const commands = lifecycle();
      const { message } = await rejection(commands.delete("", state));
      return { commands, state, message, sent: calls(emulator()).length };
    };

    it("says that it will run again, and how long the session stays open", async () => {
      const { message } = await fail();
      assert.match(message, /^Could not log out of the Web CLI of DCS instance .* after a command: /);
      assert.match(message, /delete command (has run|ran)\b.*\bagain\b/);
      assert.match(message, /open .*idle timeout \(5 to 15 minutes\)/);
      assert.ok(!message.includes(counts().open[0] ?? ""));
    });

    it("has that session ended first when the delete is run again", async () => {
      const { commands, state, sent } = await fail();
      await commands.delete("", state);
      assert.deepEqual(calls(emulator()).slice(sent), ["webcli.logout", ...WHOLE_RUN]);
      assert.deepEqual(counts(), { open: [], opened: 3, closed: 3, expired: 0 });
    });

    it("opens no other session as long as that fails", async () => {
      const { commands, state, sent } = await fail(2);
      await rejection(commands.delete("", state));
      assert.deepEqual(calls(emulator()).slice(sent), ["webcli.logout"]);
      await commands.delete("", state);
      assert.deepEqual(counts(), { open: [], opened: 3, closed: 3, expired: 0 });
    });
  });

  const whatToDo: [string, FaultAction, RegExp][] = [
    ["may pass", { status: 503 }, /`pulumi state delete URN`/],
    ["does not come from the API", { status: 405 }, /no proxy or gateway in between/],
  ];
  for (const [what, action, advice] of whatToDo) {
    it(`says what to do about a session when its logout gets an answer that ${what}`, async () => {
      emulator().fault({ on: "webcli.logout", times: 10_000, do: action });
      const error = await rejection(lifecycle().create(inputs(), BRIEF));
      const { message } = await rejection(lifecycle().delete("", leftBehind(error), BRIEF));
      for (const text of [error.message, message]) {
        assert.match(text, advice);
        assert.doesNotMatch(text, /Check the endpoint/);
      }
    });
  }

  it("runs nothing again when it moves to a session of the same instance, or back", async () => {
    const own = await created();
    const shared = await commandInputs(emulator(), SEED);
    assert.deepEqual(await lifecycle().diff("", own, shared), MOVED);
    const { outs: moved } = await lifecycle().update("", own, shared);
    assert.deepEqual(moved, { ...shared, response: "OK" });
    assert.deepEqual(await lifecycle().diff("", moved, inputs()), MOVED);
    assert.deepEqual((await lifecycle().update("", moved, inputs())).outs, own);
    assert.deepEqual(commandsOf(emulator()), ["SET ready 1"]);
  });

  it("runs nothing again when only its password changes", async () => {
    const state = await created();
    const news = inputs({ password: "another" });
    assert.deepEqual(await lifecycle().diff("", state, news), MOVED);
    assert.equal((await lifecycle().update("", state, news)).outs.password, "another");
    assert.deepEqual(calls(emulator()), WHOLE_RUN);
  });
});
