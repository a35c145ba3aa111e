import assert from "node:assert/strict";
import { commandsOf, useEmulator } from "../support/emulator";
import { BRIEF, commandInputs, commandLifecycle } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";
import { rejection } from "../support/rejection";

describe("WebCliCommand delete", () => {
  const emulator = useEmulator();
  const lifecycle = () => commandLifecycle(emulator());
  const commands = () => commandsOf(emulator()).length;

  it("runs its delete command", async () => {
    const inputs = await commandInputs(emulator(), { delete: "DEL ready" });
    const { outs } = await lifecycle().create(inputs);
    assert.ok(outs);
    await lifecycle().delete("", outs);
    assert.match(emulator().requests().at(-1)?.body ?? "", /DEL ready/);
  });

  it("sends nothing without a delete command", async () => {
    const inputs = await commandInputs(emulator());
    const sent = emulator().requests().length;
    await lifecycle().delete("", { ...inputs, response: "OK" });
    assert.equal(emulator().requests().length, sent);
  });

  it("is done when its session is dead", async () => {
    const inputs = await commandInputs(emulator(), { delete: "DEL ready" });
    emulator().expireSessions();
    await lifecycle().delete("", { ...inputs, response: "OK" });
  });

  it("fails when its delete command is refused in a live session", async () => {
    const inputs = await commandInputs(emulator(), { delete: "DEL ready" });
    const refused = { status: 400, body: { error_code: "111400063" } };
    emulator().fault({ on: "webcli.command", do: refused });
    const { message } = await rejection(lifecycle().delete("", { ...inputs, response: "OK" }));
    assert.match(message, /^Could not run the delete command .* answered 400 111400063/);
  });

  it("says that its delete command may have run when the answer is lost", async () => {
    const inputs = await commandInputs(emulator(), { delete: "DEL ready" });
    emulator().fault({ on: "webcli.command", do: { drop: "after" } });
    const { message } = await rejection(lifecycle().delete("", { ...inputs, response: "OK" }));
    assert.match(message, /The command may have run, and was not sent again/);
  });

  it("says what to do when Redis refuses its delete command, which comes from state", async () => {
    const inputs = await commandInputs(emulator(), { delete: "NOSUCH a" });
    const { message } = await rejection(lifecycle().delete("", { ...inputs, response: "OK" }));
    assert.match(
      message,
      /Redis answered ERR unknown command\. Pulumi runs the `delete` command from state.* `pulumi state delete URN`\.$/,
    );
  });

  it("is done when its instance no longer exists", async () => {
    const inputs = await commandInputs(emulator(), { delete: "DEL ready" });
    emulator().removeInstance();
    const notices = await noticesOf(() => lifecycle().delete("", { ...inputs, response: "OK" }));
    const notice = `The delete command did not run on DCS instance ${inputs.instanceId}: the instance no longer exists.`;
    assert.deepEqual(notices, [notice]);
    assert.equal(commands(), 1);
  });

  it("says that its delete command did not run when its session was dead", async () => {
    const inputs = await commandInputs(emulator(), { delete: "DEL ready" });
    emulator().expireSessions();
    const notices = await noticesOf(() => lifecycle().delete("", { ...inputs, response: "OK" }));
    const notice = `The delete command did not run on DCS instance ${inputs.instanceId}: its session has ended.`;
    assert.deepEqual([notices.length, notices[0]?.startsWith(notice)], [1, true]);
  });

  it("sends the PING that decides again when it gets no answer", async () => {
    const inputs = await commandInputs(emulator(), { delete: "DEL ready" });
    emulator().fault({ on: "webcli.command", do: { status: 400, body: { error_code: "111400063" } } });
    emulator().fault({ on: "webcli.command", do: { drop: "before" } });
    emulator().expireSessions();
    await lifecycle().delete("", { ...inputs, response: "OK" });
    assert.equal(commands(), 3);
  });

  it("fails when no PING tells whether its session has ended", async () => {
    const inputs = await commandInputs(emulator(), { delete: "DEL ready" });
    emulator().expireSessions();
    emulator().fault({ on: "webcli.command", do: { status: 400, body: { error_code: "111400063" } } });
    emulator().fault({ on: "webcli.command", times: 1_000, do: { status: 503 } });
    const { message, stack } = await rejection(lifecycle().delete("", { ...inputs, response: "OK" }, BRIEF));
    assert.match(message, /^Could not run the delete command on DCS instance .* answered 503/);
    assert.doesNotMatch(message, /may have run/);
    assert.doesNotMatch(stack ?? "", /\n\s+at /);
  });
});
