import assert from "node:assert/strict";
import type { CommandInputs } from "../../provider/lifecycle/commandInputs";
import { commandsOf, useEmulator } from "../support/emulator";
import { commandInputs, commandLifecycle } from "../support/lifecycles";

describe("WebCliCommand diff", () => {
  const emulator = useEmulator();
  /** What a change of the arguments does. */
  const diff = async (olds: Partial<CommandInputs>, change: Partial<CommandInputs>) => {
    const inputs = await commandInputs(emulator(), olds);
    const state = { ...inputs, response: "" };
    return commandLifecycle(emulator()).diff("", state, { ...inputs, ...change });
  };
  const NOTHING = { changes: false, replaces: [] };

  for (const change of [
    { create: "SET ready 2" },
    { delete: "DEL ready" },
    { database: 1 },
    { triggers: ["x"] },
    { instanceId: "other" },
  ]) {
    it(`is replaced when ${Object.keys(change)} changes`, async () => {
      assert.deepEqual(await diff({}, change), { changes: true, replaces: Object.keys(change) });
    });
  }

  it("is replaced after its delete command, which would undo what the new one does", async () => {
    const replaced = { changes: true, replaces: ["triggers"], deleteBeforeReplace: true };
    assert.deepEqual(await diff({ delete: "DEL ready" }, { triggers: ["x"] }), replaced);
  });

  it("changes nothing while its inputs are the same", async () => {
    assert.deepEqual(await diff({ triggers: ["a"] }, { triggers: ["a"] }), NOTHING);
  });

  it("changes nothing when the default database is written out, or left out", async () => {
    assert.deepEqual(await diff({}, { database: 0 }), NOTHING);
    assert.deepEqual(await diff({ database: 0 }, { database: undefined }), NOTHING);
  });

  it("moves to a reopened session without running again", async () => {
    const lifecycle = commandLifecycle(emulator());
    const inputs = await commandInputs(emulator());
    const { outs } = await lifecycle.create(inputs);
    const news = { ...inputs, clientId: "reopened" };
    assert.deepEqual(await lifecycle.diff("", outs, news), { changes: true, replaces: [] });
    assert.deepEqual((await lifecycle.update("", outs, news)).outs, { ...outs, clientId: "reopened" });
    assert.equal(commandsOf(emulator()).length, 1);
  });
});
