import assert from "node:assert/strict";
import type { FaultAction } from "../../emulator";
import { commandsOf, requestsOn, useEmulator } from "../support/emulator";
import { commandInputs, commandLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";

describe("WebCliCommand create", () => {
  const emulator = useEmulator();
  const create = async (more = {}) =>
    commandLifecycle(emulator()).create(await commandInputs(emulator(), more));
  const meet = (action: FaultAction) => emulator().fault({ on: "webcli.command", do: action });

  it("runs its command on create, in its database", async () => {
    const inputs = await commandInputs(emulator(), { database: 3 });
    const { id, outs } = await commandLifecycle(emulator()).create(inputs);
    assert.match(id, /^command-/);
    assert.deepEqual(outs, { ...inputs, response: "OK" });
    assert.match(requestsOn(emulator(), "webcli.command")[0]?.body ?? "", /"database":3/);
  });

  it("fails on a Redis error, without showing the command's arguments", async () => {
    const { message } = await rejection(create({ create: "NOSUCH s3cr3t" }));
    assert.match(message, /^Could not run the command .* Redis answered ERR unknown command\. Correct the/);
    assert.doesNotMatch(message, /s3cr3t/);
  });

  const lost: [string, FaultAction][] = [
    ["whose answer is lost", { drop: "after" }],
    ["whose answer holds no response", { status: 200, body: "null" }],
  ];
  for (const [what, action] of lost) {
    it(`does not run a command twice that may have run, ${what}`, async () => {
      meet(action);
      const { message } = await rejection(create());
      assert.match(message, /^Could not run the command .*The command may have run, and was not sent again/);
      assert.doesNotMatch(message, /call stack/);
      assert.equal(commandsOf(emulator()).length, 1);
    });
  }

  it("runs a command once whose reply is nested more deeply than Node.js before 26 can write it", async () => {
    const reply = "[".repeat(900_000) + "]".repeat(900_000);
    meet({ status: 200, body: `{"response":${reply}}` });
    const said = await create().then(
      ({ outs }) => outs.response,
      ({ message }) => message,
    );
    if (said !== reply)
      assert.match(said, /^Could not run .* can't be read.*The command may have run, and was not sent/);
    assert.equal(commandsOf(emulator()).length, 1);
  });

  it("runs it again after a 429", async () => {
    meet({ status: 429 });
    await create();
    assert.equal(commandsOf(emulator()).length, 2);
  });

  it("keeps a reply that is not text as JSON", async () => {
    for (const [response, kept] of [
      [["a", 1], '["a",1]'],
      [3, "3"],
      ["", ""],
      [null, "null"],
    ]) {
      meet({ status: 200, body: { response } });
      assert.equal((await create()).outs.response, kept);
    }
  });
});
