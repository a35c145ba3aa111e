import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/lifecycle/findings";
import { useEmulator } from "../support/emulator";
import { commandInputs, commandLifecycle } from "../support/lifecycles";

describe("WebCliCommand check", () => {
  const emulator = useEmulator();
  const lifecycle = () => commandLifecycle(emulator());

  it("takes what it is given, unknown values too", async () => {
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

  for (const name of ["endpoint", "projectId", "instanceId", "clientId", "create"] as const) {
    it(`is refused at preview without ${name}`, async () => {
      const inputs = await commandInputs(emulator());
      const { failures = [] } = await lifecycle().check({}, Object.assign(inputs, { [name]: undefined }));
      assert.deepEqual(
        failures.map(({ property }) => property),
        [name],
      );
      const write = name === "create" ? "write a Redis command" : "give the session";
      assert.equal(failures[0]?.reason, `${name} is missing: ${write}.`);
    });
  }

  it("is refused at preview with a delete command that the Web CLI disables", async () => {
    const inputs = await commandInputs(emulator(), { delete: "KEYS *" });
    const { failures = [] } = await lifecycle().check({}, inputs);
    assert.match(failures[0]?.reason ?? "", /^delete uses KEYS/);
  });

  const refused: [string, RegExp][] = [
    ["SET a 1\nDEL a", /line break/],
    ["  ", /is empty/],
    ["select 3", /uses SELECT, which the Web CLI disables/],
    ["CONFIG set maxmemory 1", /uses CONFIG SET/],
    ["ZREM board player", /uses ZREM/],
  ];
  for (const [create, reason] of refused) {
    it(`is refused at preview with ${JSON.stringify(create)}`, async () => {
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
    it(`names no property in refusing ${name}, for the engine would print its value, which may be secret`, async () => {
      const inputs = Object.assign(await commandInputs(emulator()), wrong);
      const { failures = [] } = await lifecycle().check({}, inputs);
      assert.deepEqual(
        failures.map(({ property, reason }) => [property, reason.startsWith(`${name} `)]),
        [["", true]],
      );
    });
  }
});
