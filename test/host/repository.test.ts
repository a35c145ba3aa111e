import assert from "node:assert/strict";
import { join } from "node:path";
import { providerText } from "../../provider/resources/providerText";
import { useEmulator } from "../support/emulator";
import { Host } from "../support/host";
import { configOf, SERVICE } from "../support/lifecycles";

const examples = join(__dirname, "../../examples");

describe("The dynamic-provider host", () => {
  const emulator = useEmulator();
  let host: Host;
  afterEach(() => host.stop());

  it("runs a Web CLI session's whole life from an example's folder", async () => {
    const { instanceId, redisPassword: password } = emulator();
    host = await Host.start(join(examples, "webcli-session"), configOf(emulator()));
    const args = { __provider: providerText("WebCliSession"), instanceId, password };

    const { inputs, failures } = await host.check(args);
    assert.deepEqual(failures, []);
    const { id, outs } = await host.create(inputs);
    assert.equal(emulator().sessions().webCli.open.length, 1);
    assert.deepEqual(await host.diff(id, outs, inputs), { changes: false, replaces: [] });
    assert.equal(await host.read(id, outs), id);
    await host.delete(id, outs);
    assert.equal(emulator().sessions().webCli.open.length, 0);
    assert.deepEqual(await host.diff(id, outs, inputs), { changes: true, replaces: ["clientId"] });
    assert.equal(await host.read(id, outs), "");
  });

  it("runs a CAS session's whole life from an example's folder", async () => {
    const { casUrl, username, password } = emulator();
    host = await Host.start(join(examples, "cas-session"));
    const args = { __provider: providerText("CasSession"), casUrl, username, password, service: SERVICE };

    const { inputs, failures } = await host.check(args);
    assert.deepEqual(failures, []);
    const { id, outs } = await host.create(inputs);
    assert.equal(emulator().sessions().cas.open.length, 1);
    assert.deepEqual(await host.diff(id, outs, inputs), { changes: false, replaces: [] });
    await host.delete(id, outs);
    assert.equal(emulator().sessions().cas.open.length, 0);
    assert.equal(await host.read(id, outs), "");
  });

  it("runs a command's whole life in a session", async () => {
    const { instanceId, redisPassword: password } = emulator();
    host = await Host.start(join(examples, "webcli-session"), configOf(emulator()));
    const { inputs: session } = await host.check({
      ...{ __provider: providerText("WebCliSession"), instanceId, password },
    });
    const { outs } = await host.create(session);
    const { clientId, endpoint, projectId } = outs;
    const place = { clientId, endpoint, projectId, instanceId };

    const { inputs } = await host.check({
      ...place,
      ...{ __provider: providerText("WebCliCommand"), create: "SET ready 1", delete: "DEL ready" },
    });
    const command = await host.create(inputs);
    assert.equal(command.outs.response, "OK");
    await host.delete(command.id, command.outs);
    assert.match(emulator().requests().at(-1)?.body ?? "", /DEL ready/);
  });

  it("prints what failed as one paragraph, without a stack", async () => {
    const { instanceId } = emulator();
    host = await Host.start(join(examples, "webcli-session"), configOf(emulator()));
    const { inputs } = await host.check({
      ...{ __provider: providerText("WebCliSession"), instanceId, password: "wrong" },
    });
    await assert.rejects(host.create(inputs), (error: Error) => {
      assert.match(error.message, /Could not log in to the Web CLI .* answered 400 111400080/);
      assert.doesNotMatch(error.message, /\n|wrong"/);
      return true;
    });
  });
});

describe("The provider text", () => {
  for (const type of ["WebCliSession", "WebCliCommand", "CasSession"] as const) {
    it(`of ${type} is a constant of at most 160 bytes`, () => {
      const text = providerText(type);
      assert.ok(Buffer.byteLength(text) <= 160, `${Buffer.byteLength(text)} bytes`);
      assert.equal(text, providerText(type));
    });
  }
});
