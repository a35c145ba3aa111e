import assert from "node:assert";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { type Emulator, startEmulator } from "../../../emulator/index";
import { encodeCommand, parseReply } from "../../../emulator/redis/resp";
import { field, openWebCli, post, run, webCliPath } from "../../support/client";

describe("emulator: commands on a real Redis", () => {
  let redis: Server;
  let emulator: Emulator;
  let received: string[];
  let replies: string[];

  beforeEach(async () => {
    received = [];
    redis = createServer((socket) => {
      socket.on("data", (chunk) => {
        received.push(chunk.toString());
        for (const reply of replies) {
          socket.write(reply);
        }
      });
    });
    redis.listen(0, "127.0.0.1");
    await once(redis, "listening");
    const { port }: Partial<AddressInfo> = Object(redis.address());
    emulator = await startEmulator({ redis: `redis://user:p%40ss@127.0.0.1:${port}` });
  });
  afterEach(async () => {
    await emulator.close();
    redis.close();
  });

  it("authenticates, selects the database and sends the command", async () => {
    replies = ["+OK\r\n", "+OK\r\n$2\r\nhi\r\n"];
    assert.strictEqual(await run(emulator, await openWebCli(emulator), "GET a", 3), "hi");
    const commands = [
      ["AUTH", "user", "p@ss"],
      ["SELECT", "3"],
      ["GET", "a"],
    ];
    assert.strictEqual(received.join(""), commands.map(encodeCommand).join(""));
  });

  it("passes a Redis error on, the first that there is", async () => {
    const clientId = await openWebCli(emulator);
    replies = ["+OK\r\n", "+OK\r\n", "-WRONGTYPE wrong kind\r\n"];
    assert.strictEqual(await run(emulator, clientId, "GET a"), "WRONGTYPE wrong kind");
    replies = ["-WRONGPASS no\r\n", "-NOAUTH no\r\n", "-NOAUTH no\r\n"];
    assert.strictEqual(await run(emulator, clientId, "GET a"), "WRONGPASS no");
  });

  it("does not pass a disabled command on", async () => {
    assert.match(await run(emulator, await openWebCli(emulator), "KEYS *"), /disabled/);
    assert.deepStrictEqual(received, []);
  });

  it("answers 500 when Redis can't be reached or talks nonsense", async () => {
    const clientId = await openWebCli(emulator);
    const command = () =>
      post(emulator, webCliPath(emulator, "command"), { client_id: clientId, command: "PING" });
    replies = ["HTTP/1.1 400\r\n"];
    assert.strictEqual((await command()).status, 500);
    redis.close();
    await once(redis, "close");
    const refused = await command();
    assert.deepStrictEqual([refused.status, field(refused, "error_code")], [500, "111500000"]);
  });

  it("reads every kind of reply, and waits for the rest of one that is cut off", () => {
    const read = (text: string) => parseReply(Buffer.from(text))?.text;
    assert.strictEqual(read(":42\r\n"), "42");
    assert.strictEqual(read("$-1\r\n"), "nil");
    assert.strictEqual(read("*-1\r\n"), "nil");
    assert.strictEqual(read("*2\r\n$1\r\na\r\n:2\r\n"), "a\n2");
    assert.strictEqual(read("$3\r\nö1\r\n"), "ö1");
    for (const partial of ["", ":4", "$3\r\nab", "*2\r\n:1\r\n"]) {
      assert.strictEqual(read(partial), undefined, partial);
    }
  });
});
