import assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { providerText } from "../../provider/resources/providerText";
import { useEmulator } from "../support/emulator";
import { commandLifecycle, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";

describe("The inputs of a dynamic resource", () => {
  const emulator = useEmulator();
  const __provider = providerText("WebCliSession", []);

  it("come out of check with their secrets marked, in whatever way they were passed", async () => {
    const news = { ...webCliInputs(emulator()), __provider };
    const { inputs, failures } = await webCliLifecycle(emulator()).check({}, news);
    const marked = Object.entries({ ...inputs }).filter(([, value]) => runtime.isRpcSecret(value));
    assert.deepEqual(
      marked.map(([name]) => name),
      ["password"],
    );
    assert.equal(runtime.unwrapRpcSecret({ ...inputs }.password), emulator().redisPassword);
    assert.deepEqual(failures, []);
  });

  it("come out of check as they are where a native plugin passes them", async () => {
    const { inputs } = await webCliLifecycle(emulator()).check({}, webCliInputs(emulator()));
    assert.equal(inputs?.password, emulator().redisPassword);
  });

  it("count as passed where the engine withholds them, and stay as they were", async () => {
    const names = ["clientId", "endpoint", "projectId", "instanceId"];
    const news = { create: "DBSIZE", __unknown: names, __provider: providerText("WebCliCommand", []) };
    const olds = { endpoint: "https://dcs", projectId: "p1", instanceId: "i1", create: "DBSIZE" };
    const lifecycle = commandLifecycle(emulator());
    assert.deepEqual(await lifecycle.check(olds, news), { inputs: olds, failures: [] });
    assert.deepEqual(await lifecycle.check({}, news), { inputs: { create: "DBSIZE" }, failures: [] });
  });
});

describe("A resource that was read by an ID", () => {
  const emulator = useEmulator();

  it("is refused in one sentence, though it was passed a client ID", async () => {
    const state: object = { clientId: "45934af8", instanceId: "i1" };
    const { message } = await rejection(webCliLifecycle(emulator()).read("id", Object(state)));
    assert.match(message, /^Could not read the WebCliSession: it can't be looked up by an ID\. To take over/);
    const command = await rejection(commandLifecycle(emulator()).read("id", Object({ create: "DBSIZE" })));
    assert.match(command.message, /^Could not read the WebCliCommand: it can't be looked up by an ID\./);
    assert.deepEqual(emulator().requests(), []);
  });
});
