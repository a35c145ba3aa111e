import assert from "node:assert/strict";
import type { Runtime } from "../../provider/lifecycle/runtime";
import { keysOf, placeOf, webCliWith } from "../support/credentials";
import { useDebugLog } from "../support/debugLog";
import { useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { quickRuntime, webCliInputs } from "../support/lifecycles";

describe("The log of DEBUG=huaweicloud-sessions:*", () => {
  const emulator = useEmulator();
  useEnvironment();
  const lines = useDebugLog("huaweicloud-sessions:*");

  const live = async (runtime?: Runtime) => {
    const lifecycle = webCliWith(placeOf(emulator()), runtime);
    const { outs } = await lifecycle.create(webCliInputs(emulator()));
    assert.ok(outs);
    await lifecycle.delete("", outs);
    return lines().filter((line) => line.includes("credentials from"));
  };

  it("says once which source is used, and no value", async () => {
    Object.assign(process.env, keysOf(emulator()));
    const [told, ...more] = await live();
    assert.match(String(told), /using credentials from: environment HW_ACCESS_KEY/);
    assert.deepEqual(more, []);
    const { accessKey, secretKey, redisPassword } = emulator();
    for (const secret of [accessKey, secretKey, redisPassword])
      assert.ok(!lines().join("\n").includes(secret));
  });

  it("says that it is the metadata service", async () => {
    const { metadataEndpoint } = emulator();
    const [told] = await live(quickRuntime({ metadataEndpoint }));
    assert.match(String(told), /using credentials from: metadata service/);
    assert.doesNotMatch(lines().join("\n"), /HST[A-Z0-9]{10}/);
  });
});
