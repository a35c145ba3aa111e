import assert from "node:assert/strict";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import { field, openWebCli, post, run, webCliPath } from "../support/client";
import { type RedisServer, startRedis } from "./server";

const PASSWORD = "p@ss/word";

describe("--redis runs commands on a real Redis", () => {
  let server: RedisServer;
  let emulator: Emulator;
  let clientId: string;

  before(async () => {
    const reader = ["reader", "on", `>${PASSWORD}`, "~*", "+@all", "-set"];
    server = await startRedis("--requirepass", PASSWORD, "--user", ...reader);
  });
  after(() => server?.stop());

  const address = (user: string, password: string) =>
    `redis://${user}:${encodeURIComponent(password)}@127.0.0.1:${server.port}`;
  async function start(options: EmulatorOptions): Promise<void> {
    await emulator?.close();
    emulator = await startEmulator(options);
    clientId = await openWebCli(emulator);
  }
  beforeEach(async () => {
    await start({ redis: address("", PASSWORD) });
    await run(emulator, clientId, "FLUSHALL");
  });
  afterEach(() => emulator.close());

  it("with its password, in the database that the call names", async () => {
    assert.equal(await run(emulator, clientId, "SET a hi", 3), "OK");
    assert.equal(await run(emulator, clientId, "GET a", 3), "hi");
    assert.equal(await run(emulator, clientId, "GET a"), "nil");
  });

  it("as the user that the URL names", async () => {
    await start({ redis: address("reader", PASSWORD) });
    assert.match(await run(emulator, clientId, "SET a 1"), /^NOPERM /);
    assert.equal(await run(emulator, clientId, "GET a"), "nil");
  });

  it("and shows every kind of reply", async () => {
    await run(emulator, clientId, "HSET h field ö");
    for (const [command, reply] of [
      ["INCR n", "1"],
      ["HGETALL h", "field\nö"],
      ["HGET h none", "nil"],
      ["HMGET h none field", "nil\nö"],
      ["EVAL return{1,{'a',{err='ERR(inner)'}}} 0", "1\na\nERR(inner)"],
      ["HGETALL none", "nil"],
      ["SET big 9223372036854775806", "OK"],
      ["INCR big", "9223372036854775807"],
      ["INCR h", "WRONGTYPE Operation against a key holding the wrong kind of value"],
    ] as const) {
      assert.equal(await run(emulator, clientId, command), reply, command);
    }
  });

  it("but not a command that Web CLI has disabled", async () => {
    await run(emulator, clientId, "ZADD z 1 member");
    assert.match(await run(emulator, clientId, "ZREM z member"), /disabled/);
    assert.equal(await run(emulator, clientId, "ZCARD z"), "1");
  });

  it("and leaves nothing of a command in the next one's connection", async () => {
    await run(emulator, clientId, "CLIENT SETNAME me");
    assert.equal(await run(emulator, clientId, "CLIENT GETNAME"), "nil");
  });

  it("and passes on that the password is wrong", async () => {
    await start({ redis: address("", "wrong") });
    assert.match(await run(emulator, clientId, "PING"), /^WRONGPASS /);
  });

  it("and answers 500 once Redis has stopped", async () => {
    const other = await startRedis();
    await start({ redis: `redis://127.0.0.1:${other.port}` });
    assert.equal(await run(emulator, clientId, "PING"), "PONG");
    await other.stop();
    const body = { client_id: clientId, command: "PING" };
    const received = await post(emulator, webCliPath(emulator, "command"), body);
    assert.deepEqual([received.status, field(received, "error_code")], [500, "111500000"]);
  });
});
