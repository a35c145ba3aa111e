import assert from "node:assert/strict";
import type { OperationOptions } from "../../provider/api/deadline";
import { commandsOf, useEmulator } from "../support/emulator";
import { BRIEF, commandInputs, commandLifecycle } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";
import { rejection } from "../support/rejection";

const INVALID = { status: 400, body: { error_code: "111400063" } };

describe("WebCliCommand delete", () => {
  const emulator = useEmulator();
  const made = async (more = {}) => {
    const inputs = await commandInputs(emulator(), { delete: "DEL ready", ...more });
    return { ...inputs, response: "OK" };
  };
  const end = (state: object, options?: OperationOptions) =>
    commandLifecycle(emulator()).delete("", state, options);

  it("runs its delete command", async () => {
    await end(await made());
    assert.deepEqual(commandsOf(emulator()), ["DEL ready"]);
  });

  it("sends nothing without a delete command", async () => {
    await end(await made({ delete: undefined }));
    assert.deepEqual(commandsOf(emulator()), []);
  });

  it("fails when its delete command is refused in a live session", async () => {
    const state = await made();
    emulator().fault({ on: "webcli.command", do: INVALID });
    const { message } = await rejection(end(state));
    assert.match(message, /^Could not run the delete command .* answered 400 111400063/);
  });

  it("says that its delete command may have run when the answer is lost", async () => {
    const state = await made();
    emulator().fault({ on: "webcli.command", do: { drop: "after" } });
    const { message } = await rejection(end(state));
    assert.match(message, /The command may have run, and was not sent again/);
  });

  it("says what to do when Redis refuses its delete command, which comes from state", async () => {
    const { message } = await rejection(end(await made({ delete: "NOSUCH a" })));
    assert.match(
      message,
      /Redis answered ERR unknown command\. Pulumi runs the `delete` command from state.* `pulumi state delete URN`\.$/,
    );
  });

  it("is done when its instance no longer exists, and says that its delete command did not run", async () => {
    const state = await made();
    emulator().removeInstance();
    assert.deepEqual(await noticesOf(() => end(state)), [
      `The delete command did not run on DCS instance ${state.instanceId}: the instance no longer exists.`,
    ]);
    assert.equal(commandsOf(emulator()).length, 1);
  });

  it("is done when its session was dead, and says that its delete command did not run", async () => {
    const state = await made();
    emulator().expireSessions();
    assert.deepEqual(await noticesOf(() => end(state)), [
      `The delete command did not run on DCS instance ${state.instanceId}: its session has ended. What \`create\` did is still in place.`,
    ]);
  });

  it("sends the PING that decides again when it gets no answer", async () => {
    const state = await made();
    emulator().fault({ on: "webcli.command", do: INVALID });
    emulator().fault({ on: "webcli.command", do: { drop: "before" } });
    emulator().expireSessions();
    await end(state);
    assert.equal(commandsOf(emulator()).length, 3);
  });

  it("fails when no PING tells whether its session has ended", async () => {
    const state = await made();
    emulator().expireSessions();
    emulator().fault({ on: "webcli.command", do: INVALID });
    emulator().fault({ on: "webcli.command", times: 1_000, do: { status: 503 } });
    const { message, stack } = await rejection(end(state, BRIEF));
    assert.match(message, /^Could not run the delete command on DCS instance .* answered 503/);
    assert.doesNotMatch(message, /may have run/);
    assert.doesNotMatch(stack ?? "", /\n\s+at /);
  });
});
