import assert from "node:assert/strict";
import { Deadline } from "../../provider/api/deadline";
import { Renewals } from "../../provider/lifecycle/renewals";
import { until } from "../support/kill";

describe("A round of renewals", () => {
  let renewals: Renewals;
  let probed: string[];
  beforeEach(() => {
    renewals = new Renewals(10);
    probed = [];
  });
  afterEach(() => renewals.cancel());

  /** Has a session renewed that is alive. */
  const start = (key: string) => {
    const probe = async () => {
      probed.push(key);
      return "alive" as const;
    };
    renewals.start(key, { description: key, key, probe });
  };

  it("asks for each of many sessions", async () => {
    const keys = Array.from({ length: 20 }, (_, i) => `k${i}`);
    for (const key of keys) start(key);
    await until(() => keys.every((key) => probed.includes(key)));
  });

  it("leaves out a session that another request uses", async () => {
    await renewals.using("busy", new Deadline("test"), async () => {
      start("busy");
      start("other");
      await until(() => probed.length >= 3);
      assert.deepEqual([...new Set(probed)], ["other"]);
    });
    await until(() => probed.includes("busy"));
  });

  it("does not keep the process running", () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    start("quiet");
    assert.equal(timers(), before);
  });
});
