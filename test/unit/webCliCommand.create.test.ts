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

  it("fails on a Redis error, without the command's arguments", async () => {
    const inputs = await commandInputs(emulator(), { create: "NOSUCH s3cr3t" });
    const { message } = await rejection(lifecycle().create(inputs));
    assert.match(message, /^Could not run the command .* Redis answered ERR unknown command\./);
    assert.doesNotMatch(message, /s3cr3t/);
  });

  it("shows no keys that a Redis error echoes", async () => {
    const inputs = await commandInputs(emulator());
    const { accessKey, secretKey } = emulator();
    const response = `NOAUTH ${accessKey} ${secretKey} ${inputs.clientId}`;
    emulator().fault({ on: "webcli.command", do: { body: { response } } });
    const { message } = await rejection(lifecycle().create(inputs));
    assert.match(message, /Redis answered NOAUTH \[secret\] \[secret\] \[secret\]/);
  });

  it("does not run a command twice that may have run", async () => {
    const inputs = await commandInputs(emulator());
    emulator().fault({ on: "webcli.command", do: { drop: "after" } });
    assert.match(
      (await rejection(lifecycle().create(inputs))).message,
      /It may have run, and was not sent again/,
    );
    assert.equal(commands(), 1);
  });

  it("runs it again after a 429", async () => {
    const inputs = await commandInputs(emulator());
    emulator().fault({ on: "webcli.command", do: { status: 429 } });
    await lifecycle().create(inputs);
    assert.equal(commands(), 2);
  });

  it("keeps a reply that is no text as JSON, and fails on none", async () => {
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
    assert.match(message, /answered 200 without a response\. Check that the endpoint is the DCS API\.$/);
  });
});
