import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { type Emulator, startEmulator } from "../../../emulator";
import { field, openWebCli, post, run, webCliPath } from "../../support/client";

describe("emulator: Redis commands", () => {
  let emulator: Emulator;
  let clientId: string;

  beforeEach(async () => {
    emulator = await startEmulator();
    clientId = await openWebCli(emulator);
  });
  afterEach(() => emulator.close());

  const respond = (command: string, database = 0) => run(emulator, clientId, command, database);

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
    assert.equal(await run(emulator, await openWebCli(emulator), "GET a"), "1");
  });

  for (const command of [
    "SELECT 1",
    "keys *",
    "MULTI",
    "CONFIG SET a b",
    "BLPOP l 0",
    "ZREM z a",
    "ACL LIST",
  ]) {
    it(`refuses ${command}, which Web CLI has disabled`, async () => {
      assert.match(await respond(command), /^ERR command '\w+' is disabled in Web CLI$/);
    });
  }

  it("answers 500 when the Redis given with --redis can't be reached", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port }: { port?: number } = Object(server.address());
    server.close();
    await once(server, "close");
    const remote = await startEmulator({ redis: `redis://127.0.0.1:${port}` });
    try {
      const body = { client_id: await openWebCli(remote), command: "PING" };
      const received = await post(remote, webCliPath(remote, "command"), body);
      assert.deepEqual([received.status, field(received, "error_code")], [500, "111500000"]);
    } finally {
      await remote.close();
    }
  });
});
