import assert from "node:assert/strict";
import { commandsOf, useEmulator } from "../support/emulator";
import { commandInputs, commandLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";

describe("WebCliCommand create", () => {
  const emulator = useEmulator();
  const lifecycle = () => commandLifecycle(emulator());
  const commands = () => commandsOf(emulator()).length;

  it("runs its command on create, in its database", async () => {
    const inputs = await commandInputs(emulator(), { database: 3 });
    const { id, outs } = await lifecycle().create(inputs);
    assert.match(id, /^command-/);
    assert.deepEqual(outs, { ...inputs, response: "OK" });
    assert.match(emulator().requests().at(-1)?.body ?? "", /"database":3/);
  });

  it("fails on a Redis error, without showing the command's arguments", async () => {
    const inputs = await commandInputs(emulator(), { create: "NOSUCH s3cr3t" });
    const { message } = await rejection(lifecycle().create(inputs));
    assert.match(message, /^Could not run the command .* Redis answered ERR unknown command\./);
    assert.doesNotMatch(message, /s3cr3t/);
  });

  it("shows the code word of a Redis error, and nothing of a message that Redis does not have", async () => {
    const inputs = await commandInputs(emulator());
    const { accessKey } = emulator();
    for (const response of [
      `NOAUTH ${accessKey} ${inputs.clientId}`,
      "NOAUTH looks-like-an-error-but-is-a-value",
    ]) {
      emulator().fault({ on: "webcli.command", do: { body: { response } } });
      const { message } = await rejection(lifecycle().create(inputs));
      assert.match(message, /: Redis answered NOAUTH\. Correct the command, or the data that it works on\.$/);
    }
  });

  it("does not show a command that the service repeats", async () => {
    const inputs = await commandInputs(emulator(), { create: "SET apikey s3cr3t-value" });
    const error_msg = "Invalid value SET apikey s3cr3t-value in the request";
    for (const message_ of [error_msg, "Invalid value s3cr3t-value", "apikey is not allowed"]) {
      emulator().fault({
        on: "webcli.command",
        do: { status: 400, body: { error_code: "DCS.9999", error_msg: message_ } },
      });
      const { message } = await rejection(lifecycle().create(inputs));
      assert.match(message, /answered 400 DCS\.9999( \(request ID \w+\))?\. The service rejected/);
    }
  });

  it("does not run a command twice that may have run", async () => {
    const inputs = await commandInputs(emulator());
    emulator().fault({ on: "webcli.command", do: { drop: "after" } });
    assert.match(
      (await rejection(lifecycle().create(inputs))).message,
      /The command may have run, and was not sent again/,
    );
    assert.equal(commands(), 1);
  });

  it("does not run a command twice whose reply is nested too deeply to keep", async () => {
    const inputs = await commandInputs(emulator());
    const [open, close] = ["[".repeat(900_000), "]".repeat(900_000)];
    emulator().fault({ on: "webcli.command", do: { status: 200, body: `{"response":${open}${close}}` } });
    const { message } = await rejection(lifecycle().create(inputs));
    assert.match(message, /^Could not run the command .*The command may have run, and was not sent again/);
    assert.doesNotMatch(message, /call stack/);
    assert.equal(commands(), 1);
  });

  it("runs it again after a 429", async () => {
    const inputs = await commandInputs(emulator());
    emulator().fault({ on: "webcli.command", do: { status: 429 } });
    await lifecycle().create(inputs);
    assert.equal(commands(), 2);
  });

  it("keeps a reply that is not text as JSON, and fails where there is none", async () => {
    const inputs = await commandInputs(emulator());
    for (const [response, kept] of [
      [["a", 1], '["a",1]'],
      [3, "3"],
      ["", ""],
      [null, "null"],
    ]) {
      emulator().fault({ on: "webcli.command", do: { status: 200, body: { response } } });
      assert.equal((await lifecycle().create(inputs)).outs?.response, kept);
    }
    emulator().fault({ on: "webcli.command", do: { status: 200, body: "null" } });
    const { message } = await rejection(lifecycle().create(inputs));
    assert.match(
      message,
      /answered 200 without a response\. The command may have run, and was not sent again/,
    );
  });
});
