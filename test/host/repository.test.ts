import assert from "node:assert/strict";
import { join } from "node:path";
import { definitions } from "../../provider/definitions";
import { providerText } from "../../provider/resources/providerText";
import { openSessions, useEmulator } from "../support/emulator";
import { Host } from "../support/host";
import { configOf, SERVICE } from "../support/lifecycles";

const examples = join(__dirname, "../../examples");

describe("The dynamic-provider host", () => {
  const emulator = useEmulator();
  let host: Host;
  afterEach(() => host.stop());

  const lives: ["WebCliSession" | "CasSession", string, number, () => object][] = [
    [
      "WebCliSession",
      "webcli-session",
      0,
      () => ({ instanceId: emulator().instanceId, password: emulator().redisPassword }),
    ],
    [
      "CasSession",
      "cas-session",
      1,
      () => {
        const { casUrl, username, password } = emulator();
        return { casUrl, username, password, service: SERVICE };
      },
    ],
  ];
  for (const [resource, example, at, args] of lives) {
    it(`runs the whole life of a ${resource} from an example's folder`, async () => {
      host = await Host.start(join(examples, example), configOf(emulator()));
      const { inputs, failures } = await host.check({ __provider: providerText(resource), ...args() });
      assert.deepEqual(failures, []);
      const { id, outs } = await host.create(inputs);
      assert.equal(openSessions(emulator())[at], 1);
      assert.deepEqual(await host.diff(id, outs, inputs), { changes: false, replaces: [] });
      assert.equal(await host.read(id, outs), id);
      await host.delete(id, outs);
      assert.equal(openSessions(emulator())[at], 0);
      assert.deepEqual(await host.diff(id, outs, inputs), {
        changes: true,
        replaces: [definitions[resource].key],
      });
      assert.equal(await host.read(id, outs), "");
    });
  }

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
