import assert from "node:assert/strict";
import { useEmulator } from "../support/emulator";
import { type Config, commandInputs, commandLifecycle } from "../support/lifecycles";

describe("WebCliCommand check", () => {
  const emulator = useEmulator();
  const check = async (args: object, config?: Config) => {
    const { inputs, failures = [] } = await commandLifecycle(config ?? emulator()).check({}, args);
    return { inputs, reasons: failures.map(({ reason }) => reason) };
  };

  it("hands on what it is given", async () => {
    const inputs = await commandInputs(emulator(), { delete: "DEL ready", database: 3, triggers: ["a"] });
    assert.deepEqual(await check(inputs), { inputs, reasons: [] });
  });

  it("asks for what a session is opened with where there is no session, and for credentials at the same time", async () => {
    const missing = async (args: object) => {
      const { reasons } = await check({ create: "PING", ...args }, {});
      return reasons.map((reason) => reason.split(" ")[0]).sort();
    };
    assert.deepEqual(await missing({}), ["`huaweicloud-sessions:accessKey`", "`instanceId`", "`region`"]);
    const { instanceId, dcsEndpoint: endpoint } = emulator();
    assert.deepEqual(await missing({ instanceId, endpoint }), ["`huaweicloud-sessions:accessKey`"]);
  });

  it("fills the place of a session of its own from the stack configuration", async () => {
    const { instanceId, dcsEndpoint: endpoint, projectId, redisPassword: password } = emulator();
    const inputs = { instanceId, endpoint, projectId, password, create: "PING" };
    assert.deepEqual(await check({ instanceId, password, create: "PING" }), { inputs, reasons: [] });
  });

  it("fills the place of a session made by hand", async () => {
    const inputs = await commandInputs(emulator());
    const { endpoint: _, projectId: __, ...handMade } = inputs;
    assert.deepEqual(await check(handMade), { inputs, reasons: [] });
    const slash = { ...inputs, endpoint: `${inputs.endpoint}/` };
    assert.deepEqual(await check(slash), { inputs, reasons: [] });
  });

  it("refuses a session made by hand whose place is set nowhere", async () => {
    for (const place of [{}, { projectId: "p1" }]) {
      const { reasons } = await check({ clientId: "c1", instanceId: "i1", create: "PING", ...place }, {});
      assert.match(reasons[0] ?? "", /^`region` is required unless you pass `endpoint`/);
    }
  });
});
