import assert from "node:assert/strict";
import type { Runtime } from "../../provider/lifecycle/runtime";
import { keysOf, live, webCliAt } from "../support/credentials";
import { useDebugLog } from "../support/debugLog";
import { useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { quickRuntime } from "../support/lifecycles";

describe("The log of DEBUG=huaweicloud-sessions:*", () => {
  const emulator = useEmulator();
  useEnvironment();
  const lines = useDebugLog("huaweicloud-sessions:*");

  const toldOf = async (runtime?: Runtime) => {
    await live(emulator(), webCliAt(emulator(), {}, runtime));
    return lines().filter((line) => line.includes("credentials from"));
  };

  it("says once which source is used, and no value", async () => {
    Object.assign(process.env, keysOf(emulator()));
    const [told, ...more] = await toldOf();
    assert.match(String(told), /using credentials from: environment HW_ACCESS_KEY/);
    assert.deepEqual(more, []);
    const { accessKey, secretKey, redisPassword } = emulator();
    for (const secret of [accessKey, secretKey, redisPassword]) assert.ok(!lines().join().includes(secret));
  });

  it("says that it is the metadata service", async () => {
    const { metadataEndpoint } = emulator();
    const [told] = await toldOf(quickRuntime({ metadataEndpoint }));
    assert.match(String(told), /using credentials from: metadata service/);
    assert.doesNotMatch(lines().join("\n"), /HST[A-Z0-9]{10}/);
  });
});
