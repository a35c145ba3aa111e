import assert from "node:assert/strict";
import type { Emulator } from "../../emulator";
import { UNKNOWN } from "../../provider/lifecycle/findings";
import type { CommandInputs } from "../../provider/lifecycle/webCliCommand";
import { calls, useEmulator } from "../support/emulator";
import { commandLifecycle, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";

async function inSession(emulator: Emulator, more: Partial<CommandInputs> = {}): Promise<CommandInputs> {
  const { outs } = await webCliLifecycle(emulator).create(webCliInputs(emulator));
  const { dcsEndpoint: endpoint, projectId, instanceId } = emulator;
  return { endpoint, projectId, instanceId, clientId: outs?.clientId ?? "", create: "SET ready 1", ...more };
}

describe("WebCliCommand", () => {
  const emulator = useEmulator();
  const lifecycle = () => commandLifecycle(emulator());
  const commands = () => calls(emulator()).filter((call) => call === "webcli.command").length;

  it("runs its command on create, in its database", async () => {
    const inputs = await inSession(emulator(), { database: 3 });
    const { id, outs } = await lifecycle().create(inputs);
    assert.match(id, /^command-/);
    assert.deepEqual(outs, { ...inputs, response: "OK" });
    assert.match(emulator().requests().at(-1)?.body ?? "", /"database":3/);
  });

  it("fails on a Redis error, without the command's arguments", async () => {
    const inputs = await inSession(emulator(), { create: "NOSUCH s3cr3t" });
    const { message } = await rejection(lifecycle().create(inputs));
    assert.match(message, /^Could not run the command .* Redis answered ERR unknown command\./);
    assert.doesNotMatch(message, /s3cr3t/);
  });

  it("shows no keys that a Redis error echoes", async () => {
    const inputs = await inSession(emulator());
    const { accessKey, secretKey } = emulator();
    const response = `NOAUTH ${accessKey} ${secretKey} ${inputs.clientId}`;
    emulator().fault({ on: "webcli.command", do: { body: { response } } });
    const { message } = await rejection(lifecycle().create(inputs));
    assert.match(message, /Redis answered NOAUTH \[secret\] \[secret\] \[secret\]/);
  });

  it("does not run a command twice that may have run", async () => {
    const inputs = await inSession(emulator());
    emulator().fault({ on: "webcli.command", do: { drop: "after" } });
    await rejection(lifecycle().create(inputs));
    assert.equal(commands(), 1);
  });

  it("runs it again after a 429", async () => {
    const inputs = await inSession(emulator());
    emulator().fault({ on: "webcli.command", do: { status: 429 } });
    await lifecycle().create(inputs);
    assert.equal(commands(), 2);
  });

  for (const change of [
    { create: "SET ready 2" },
    { delete: "DEL ready" },
    { database: 1 },
    { triggers: ["x"] },
    { instanceId: "other" },
  ]) {
    it(`is replaced when ${Object.keys(change)} changes`, async () => {
      const inputs = await inSession(emulator());
      const diff = await lifecycle().diff("", { ...inputs, response: "" }, { ...inputs, ...change });
      assert.deepEqual(diff, { changes: true, replaces: Object.keys(change) });
    });
  }

  it("moves to a reopened session without running again", async () => {
    const inputs = await inSession(emulator());
    const { outs } = await lifecycle().create(inputs);
    assert.ok(outs);
    const news = { ...inputs, clientId: "reopened" };
    assert.deepEqual(await lifecycle().diff("", outs, news), { changes: true, replaces: [] });
    const { outs: moved } = await lifecycle().update("", outs, news);
    assert.deepEqual(moved, { ...outs, clientId: "reopened" });
    assert.equal(commands(), 1);
  });

  it("runs its delete command on delete", async () => {
    const inputs = await inSession(emulator(), { delete: "DEL ready" });
    const { outs } = await lifecycle().create(inputs);
    assert.ok(outs);
    await lifecycle().delete("", outs);
    assert.match(emulator().requests().at(-1)?.body ?? "", /DEL ready/);
  });

  it("sends nothing on delete without a delete command", async () => {
    const inputs = await inSession(emulator());
    const sent = emulator().requests().length;
    await lifecycle().delete("", { ...inputs, response: "OK" });
    assert.equal(emulator().requests().length, sent);
  });

  it("is deleted with its session when that is dead", async () => {
    const inputs = await inSession(emulator(), { delete: "DEL ready" });
    emulator().expireSessions();
    await lifecycle().delete("", { ...inputs, response: "OK" });
  });

  it("fails when its delete command is refused in a live session", async () => {
    const inputs = await inSession(emulator(), { delete: "DEL ready" });
    const refused = { status: 400, body: { error_code: "111400063" } };
    emulator().fault({ on: "webcli.command", do: refused });
    const { message } = await rejection(lifecycle().delete("", { ...inputs, response: "OK" }));
    assert.match(message, /^Could not run the delete command .* answered 400 111400063/);
  });

  it("is deleted with its instance", async () => {
    const inputs = await inSession(emulator(), { delete: "DEL ready" });
    emulator().removeInstance();
    await lifecycle().delete("", { ...inputs, response: "OK" });
    assert.equal(commands(), 1);
  });

  it("says that its delete command did not run when its session was dead", async () => {
    const inputs = await inSession(emulator(), { delete: "DEL ready" });
    emulator().expireSessions();
    const printed: unknown[] = [];
    const { error } = console;
    console.error = (line: unknown) => printed.push(line);
    try {
      await lifecycle().delete("", { ...inputs, response: "OK" });
    } finally {
      console.error = error;
    }
    const notice = `The delete command did not run on DCS instance ${inputs.instanceId}: its session is gone.`;
    assert.deepEqual(printed, [notice]);
  });

  it("asks again when the PING that tells of its session gets no answer", async () => {
    const inputs = await inSession(emulator(), { delete: "DEL ready" });
    emulator().fault({ on: "webcli.command", do: { status: 400, body: { error_code: "111400063" } } });
    emulator().fault({ on: "webcli.command", do: { drop: "before" } });
    emulator().expireSessions();
    await lifecycle().delete("", { ...inputs, response: "OK" });
    assert.equal(commands(), 3);
  });

  it("says that its delete command did not run when no PING tells of its session", async () => {
    const inputs = await inSession(emulator(), { delete: "DEL ready" });
    emulator().expireSessions();
    emulator().fault({ on: "webcli.command", do: { status: 400, body: { error_code: "111400063" } } });
    emulator().fault({ on: "webcli.command", times: 1_000, do: { status: 503 } });
    const { message, stack } = await rejection(lifecycle().delete("", { ...inputs, response: "OK" }));
    assert.match(message, /^Could not run the delete command on DCS instance .* answered 503/);
    assert.doesNotMatch(stack ?? "", /\n\s+at /);
  });

  it("changes nothing while its inputs are the same", async () => {
    const inputs = await inSession(emulator(), { triggers: ["a"] });
    const diff = await lifecycle().diff("", { ...inputs, response: "" }, { ...inputs, triggers: ["a"] });
    assert.deepEqual(diff, { changes: false, replaces: [] });
  });

  it("keeps a reply that is no text as JSON, and fails on none", async () => {
    const inputs = await inSession(emulator());
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

  it("takes what it is given, unknown values too", async () => {
    const inputs = await inSession(emulator(), { delete: "DEL ready", database: 3, triggers: ["a"] });
    assert.deepEqual(await lifecycle().check({}, inputs), { inputs, failures: [] });
    const unknown = { ...inputs, clientId: UNKNOWN, create: UNKNOWN, endpoint: UNKNOWN };
    assert.deepEqual(await lifecycle().check({}, unknown), { inputs: unknown, failures: [] });
  });

  for (const name of ["endpoint", "projectId", "instanceId", "clientId", "create"] as const) {
    it(`is refused at preview without ${name}`, async () => {
      const inputs = await inSession(emulator());
      const { failures = [] } = await lifecycle().check({}, Object.assign(inputs, { [name]: undefined }));
      assert.deepEqual(
        failures.map(({ property }) => property),
        [name === "clientId" ? "" : name],
      );
      const write = name === "create" ? "write a Redis command" : "give the session";
      assert.equal(failures[0]?.reason, `${name} is missing: ${write}.`);
    });
  }

  it("is refused at preview with a delete command that the Web CLI disables", async () => {
    const inputs = await inSession(emulator(), { delete: "KEYS *" });
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
      const { failures = [] } = await lifecycle().check({}, { ...(await inSession(emulator())), create });
      assert.equal(failures.length, 1);
      assert.match(failures[0]?.reason ?? "", reason);
    });
  }
});
