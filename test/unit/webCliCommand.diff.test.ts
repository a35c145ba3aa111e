import assert from "node:assert/strict";
import { commandsOf, useEmulator } from "../support/emulator";
import { commandInputs, commandLifecycle } from "../support/lifecycles";

describe("WebCliCommand diff", () => {
  const emulator = useEmulator();
  const lifecycle = () => commandLifecycle(emulator());
  const commands = () => commandsOf(emulator()).length;

  for (const change of [
    { create: "SET ready 2" },
    { delete: "DEL ready" },
    { database: 1 },
    { triggers: ["x"] },
    { instanceId: "other" },
  ]) {
    it(`is replaced when ${Object.keys(change)} changes`, async () => {
      const inputs = await commandInputs(emulator());
      const diff = await lifecycle().diff("", { ...inputs, response: "" }, { ...inputs, ...change });
      assert.deepEqual(diff, { changes: true, replaces: Object.keys(change) });
    });
  }

  it("is replaced after its delete command, which would undo what the new one does", async () => {
    const inputs = await commandInputs(emulator(), { delete: "DEL ready" });
    const diff = await lifecycle().diff("", { ...inputs, response: "" }, { ...inputs, triggers: ["x"] });
    assert.deepEqual(diff, { changes: true, replaces: ["triggers"], deleteBeforeReplace: true });
  });

  it("changes nothing when the default database is written out, or left out", async () => {
    const inputs = await commandInputs(emulator());
    const [without, written] = [inputs, { ...inputs, database: 0 }];
    for (const [olds, news] of [
      [without, written],
      [written, without],
    ] as const) {
      assert.equal((await lifecycle().diff("", { ...olds, response: "" }, news)).changes, false);
    }
  });

  it("moves to a reopened session without running again", async () => {
    const inputs = await commandInputs(emulator());
    const { outs } = await lifecycle().create(inputs);
    assert.ok(outs);
    const news = { ...inputs, clientId: "reopened" };
    assert.deepEqual(await lifecycle().diff("", outs, news), { changes: true, replaces: [] });
    const { outs: moved } = await lifecycle().update("", outs, news);
    assert.deepEqual(moved, { ...outs, clientId: "reopened" });
    assert.equal(commands(), 1);
  });

  it("changes nothing while its inputs are the same", async () => {
    const inputs = await commandInputs(emulator(), { triggers: ["a"] });
    const diff = await lifecycle().diff("", { ...inputs, response: "" }, { ...inputs, triggers: ["a"] });
    assert.deepEqual(diff, { changes: false, replaces: [] });
  });
});
