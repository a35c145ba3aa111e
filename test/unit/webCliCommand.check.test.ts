import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/engine";
import { useEmulator } from "../support/emulator";
import { commandInputs, commandLifecycle } from "../support/lifecycles";

describe("WebCliCommand check", () => {
  const emulator = useEmulator();
  const lifecycle = () => commandLifecycle(emulator());

  it("accepts what it is given, unknown values too", async () => {
    const inputs = await commandInputs(emulator(), { delete: "DEL ready", database: 3, triggers: ["a"] });
    assert.deepEqual(await lifecycle().check({}, inputs), { inputs, failures: [] });
    const unknown = {
      ...inputs,
      clientId: UNKNOWN,
      create: UNKNOWN,
      endpoint: UNKNOWN,
      database: UNKNOWN,
    } as const;
    assert.deepEqual(await lifecycle().check({}, unknown), { inputs: unknown, failures: [] });
  });

  for (const name of ["instanceId", "create"] as const) {
    it(`refuses a command without ${name}`, async () => {
      const inputs = await commandInputs(emulator());
      const { failures = [] } = await lifecycle().check({}, { ...inputs, [name]: undefined });
      assert.deepEqual(
        failures.map(({ property, reason }) => [property, reason]),
        [[name === "create" ? "" : name, `\`${name}\` is required.`]],
      );
    });
  }

  it("asks for what a session is opened with where there is no session, and for credentials at the same time", async () => {
    const missing = async (args: object) => {
      const { failures = [] } = await commandLifecycle({}).check({}, { create: "PING", ...args });
      return failures.map(({ reason }) => reason.split(" ")[0]).sort();
    };
    assert.deepEqual(await missing({}), ["`huaweicloud-sessions:accessKey`", "`instanceId`", "`region`"]);
    const { instanceId, dcsEndpoint: endpoint } = emulator();
    assert.deepEqual(await missing({ instanceId, endpoint }), ["`huaweicloud-sessions:accessKey`"]);
  });

  it("fills the place of a session of its own from the stack configuration", async () => {
    const { instanceId, dcsEndpoint: endpoint, projectId, redisPassword: password } = emulator();
    const { inputs, failures } = await lifecycle().check({}, { instanceId, password, create: "PING" });
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs, { instanceId, endpoint, projectId, password, create: "PING" });
  });

  it("fills the place of a session made by hand, so that its command can run", async () => {
    const { endpoint: _, projectId: __, ...handMade } = await commandInputs(emulator());
    const { inputs, failures } = await lifecycle().check({}, handMade);
    assert.deepEqual(failures, []);
    assert.ok(inputs);
    assert.equal((await lifecycle().create(inputs)).outs?.response, "OK");
  });

  it("refuses a session made by hand whose place is set nowhere", async () => {
    const { instanceId, clientId } = await commandInputs(emulator());
    for (const place of [{}, { projectId: emulator().projectId }]) {
      const handMade = { clientId, instanceId, create: "PING", ...place };
      const { failures = [] } = await commandLifecycle({}).check({}, handMade);
      assert.match(failures[0]?.reason ?? "", /^`region` is required unless you pass `endpoint`/);
    }
  });

  it("takes the endpoint of a session made by hand with a slash at its end", async () => {
    const handMade = await commandInputs(emulator(), { endpoint: `${emulator().dcsEndpoint}/` });
    const { inputs } = await lifecycle().check({}, handMade);
    assert.equal(inputs?.endpoint, emulator().dcsEndpoint);
  });

  it("refuses a password beside a session", async () => {
    const inputs = await commandInputs(emulator(), { password: "s3cr3t" });
    const { failures = [] } = await lifecycle().check({}, inputs);
    assert.deepEqual(
      failures.map(({ property }) => property),
      [""],
    );
    assert.match(failures[0]?.reason ?? "", /^`password` .*excludes `session`/);
  });

  const handMade: [string, object][] = [
    ["endpoint", { endpoint: "http://0.0.0.0:8800" }],
    ["endpoint", { endpoint: "https://dcs.example/?a" }],
    ["instanceId", { instanceId: "../../other" }],
    ["projectId", { projectId: "p/../q" }],
    ["clientId", { clientId: "a b\n" }],
  ];
  for (const [name, wrong] of handMade) {
    it(`refuses a session made by hand with ${JSON.stringify(wrong)}`, async () => {
      const inputs = { ...(await commandInputs(emulator())), ...wrong };
      const { failures = [] } = await lifecycle().check({}, inputs);
      assert.equal(failures.length, 1);
      assert.match(failures[0]?.reason ?? "", new RegExp(`^\`${name}\` must `));
    });
  }

  it("refuses a delete command that the Web CLI disables", async () => {
    const inputs = await commandInputs(emulator(), { delete: "KEYS *" });
    const { failures = [] } = await lifecycle().check({}, inputs);
    assert.match(failures[0]?.reason ?? "", /^`delete` must not use KEYS/);
  });

  const refused: [string, RegExp][] = [
    ["SET a 1\nDEL a", /must be one command in one line/],
    ["  ", /it is empty/],
    ["select 3", /must not use SELECT, which the Web CLI disables/],
    ["CONFIG set maxmemory 1", /must not use CONFIG SET/],
    ["ZREM board player", /must not use ZREM/],
  ];
  for (const [create, reason] of refused) {
    it(`refuses ${JSON.stringify(create)}`, async () => {
      const { failures = [] } = await lifecycle().check({}, { ...(await commandInputs(emulator())), create });
      assert.equal(failures.length, 1);
      assert.match(failures[0]?.reason ?? "", reason);
    });
  }

  for (const wrong of [
    { create: "SET a s3cr3t\n" },
    { delete: "KEYS s3cr3t" },
    { triggers: ["s3cr3t", 5] },
  ]) {
    const [name = ""] = Object.keys(wrong);
    it(`names no property when it refuses ${name}, because the engine would print a value that may be secret`, async () => {
      const inputs = Object.assign(await commandInputs(emulator()), wrong);
      const { failures = [] } = await lifecycle().check({}, inputs);
      assert.deepEqual(
        failures.map(({ property, reason }) => [property, reason.startsWith(`\`${name}\` `)]),
        [["", true]],
      );
    });
  }
});
