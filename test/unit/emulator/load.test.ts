import assert from "node:assert";
import { Agent } from "node:http";
import { startEmulator } from "../../../emulator/index";
import { openWebCli, post, webCliPath } from "../../support/client";

const sessions = 1000;
const concurrency = 64;

describe("emulator: many sessions", () => {
  it(`opens and ends ${sessions} at concurrency ${concurrency}, and none is lost`, async () => {
    const emulator = await startEmulator();
    const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
    try {
      const oneLife = async () => {
        const clientId = await openWebCli(emulator, agent);
        const path = webCliPath(emulator, "logout");
        assert.strictEqual((await post(emulator, path, { client_id: clientId }, { agent })).status, 204);
      };
      await Promise.all(Array.from({ length: sessions }, oneLife));
      const { open, ...counts } = emulator.sessions().webCli;
      assert.deepStrictEqual(open, []);
      assert.deepStrictEqual(counts, { opened: sessions, closed: sessions, expired: 0 });
    } finally {
      agent.destroy();
      await emulator.close();
    }
  });
});
