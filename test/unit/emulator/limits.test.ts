import assert from "node:assert/strict";
import { ExpiringStore } from "../../../emulator/expiringStore";
import { History } from "../../../emulator/history";

describe("emulator: what it keeps in memory", () => {
  it("ends the oldest entry of a store that is full", () => {
    const store = new ExpiringStore<number>(() => 0, { max: 2 });
    for (const id of ["a", "b", "c"]) store.add(id, 1);
    assert.deepEqual(store.count(), { open: ["b", "c"], opened: 3, closed: 0, expired: 1 });
  });

  it("does not count a body whose request it has forgotten", () => {
    const history = new History(1);
    const record = (path: string) => ({ at: 0, on: "unknown", method: "POST", path, headers: {}, body: "" });
    const [slow, quick] = [record("/slow"), record("/quick")];
    history.add(slow);
    history.add(quick);
    history.addBody(slow, "x");
    assert.deepEqual(history.all(), [quick]);
  });
});
