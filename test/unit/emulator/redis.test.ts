import assert from "node:assert/strict";
import { field, openWebCli, post, run, webCliPath } from "../../support/client";
import { useEmulator } from "../../support/emulator";
import { freePort } from "../../support/server";

describe("emulator: Redis commands", () => {
  const emulator = useEmulator();
  let clientId: string;
  beforeEach(async () => {
    clientId = await openWebCli(emulator());
  });

  const respond = (command: string, database = 0) => run(emulator(), clientId, command, database);

  // How each command answers is held to a real Redis: test/redis/builtin.test.ts.
  it("runs commands, and answers a mistake with ERR", async () => {
    for (const [command, response] of [
      ["PING", "PONG"],
      ["SET a 1", "OK"],
      ["GET a", "1"],
      ["DEL a b", "1"],
      ["GET a", "nil"],
      ["SET a 1 NX", "ERR options of SET need a real Redis: start the emulator with --redis"],
      ["NOPE x", "ERR unknown command 'NOPE', with args beginning with: 'x' "],
    ] as const) {
      assert.equal(await respond(command), response, command);
    }
  });

  it("keeps databases apart, and ends at the last one", async () => {
    await respond("SET a 1", 3);
    assert.equal(await respond("GET a", 3), "1");
    assert.equal(await respond("GET a"), "nil");
    assert.equal(await respond("SET a 1", 255), "OK");
    assert.equal(await respond("GET a", 256), "ERR DB index is out of range");
  });

  it("shows all sessions the same data", async () => {
    await respond("SET a 1");
    assert.equal(await run(emulator(), await openWebCli(emulator()), "GET a"), "1");
  });

  const disabled = ["SELECT 1", "keys *", "MULTI", "CONFIG SET a b", "BLPOP l 0", "ZREM z a", "ACL LIST"];
  for (const command of disabled) {
    it(`refuses ${command}, which Web CLI has disabled`, async () => {
      assert.match(await respond(command), /^ERR command '\w+' is disabled in Web CLI$/);
    });
  }

  it("answers 500 when the Redis given with --redis can't be reached", async () => {
    const remote = await emulator.start({ redis: `redis://127.0.0.1:${await freePort()}` });
    const body = { client_id: await openWebCli(remote), command: "PING" };
    const received = await post(remote, webCliPath(remote, "command"), body);
    assert.deepEqual([received.status, field(received, "error_code")], [500, "111500000"]);
  });
});
