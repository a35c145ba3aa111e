import assert from "node:assert/strict";
import * as fc from "fast-check";
import { runCommand } from "../../emulator/redis/backend";
import { BuiltinRedis, commands } from "../../emulator/redis/builtin";
import { RemoteRedis } from "../../emulator/redis/remote";
import { type RedisServer, startRedis } from "./server";

/** Few keys, so that commands meet the same ones. */
const key = fc.constantFrom("a", "b", "l", '""');
const integer = fc.constantFrom(
  "0",
  "1",
  "-1",
  "2",
  "-3",
  "-5",
  "9223372036854775807",
  "-9223372036854775808",
);
const odd = fc.constantFrom("", "x", "ö", '""', "01", "+1", "-0", "1.0", "1e3", "9223372036854775808");
const value = fc.oneof(integer, odd).map((text) => text || "value");
const extra = fc.oneof({ weight: 6, arbitrary: fc.constant("") }, value);
const line = (...parts: (fc.Arbitrary<string> | string)[]) =>
  fc
    .tuple(...parts.map((part) => (typeof part === "string" ? fc.constant(part) : part)))
    .map((words) => words.filter((word) => word !== "").join(" "));

/** Command lines for every command, those with a mistake included. */
const GRAMMAR: Record<string, fc.Arbitrary<string>> = {
  PING: line("PING", extra, extra),
  ECHO: line("ECHO", extra, extra),
  SET: fc.oneof(line("SET", key, value), line("SET", extra)),
  GET: line("GET", key, extra),
  MSET: line("MSET", key, value, key, value, extra),
  DEL: line("DEL", extra, key, key),
  INCR: line("INCR", key, extra),
  LPUSH: line("LPUSH", key, value, extra, extra),
  DBSIZE: line("DBSIZE", extra),
};

const anyCommand = fc.oneof(...Object.values(GRAMMAR));
const conversation = fc.array(fc.tuple(fc.constantFrom(0, 0, 0, 255), anyCommand), {
  minLength: 1,
  maxLength: 25,
});

describe("The built-in Redis answers as a real one", function () {
  this.timeout(120_000);
  let server: RedisServer;
  let real: RemoteRedis;
  before(async () => {
    server = await startRedis();
    real = new RemoteRedis(new URL(`redis://127.0.0.1:${server.port}`));
  });
  after(() => server?.stop());

  async function compare(lines: readonly (readonly [database: number, line: string])[]): Promise<void> {
    const builtin = new BuiltinRedis();
    await runCommand(real, 0, "FLUSHALL");
    for (const [database, command] of lines) {
      const expected = await runCommand(real, database, command);
      assert.equal(await runCommand(builtin, database, command), expected, command);
    }
  }

  it("has command lines for every command that it knows", () => {
    assert.deepEqual(Object.keys(GRAMMAR).sort(), [...commands.keys()].sort());
  });

  for (const [name, lines] of Object.entries(GRAMMAR)) {
    it(`to ${name}, whatever a key holds`, async () => {
      const states = ["SET a 5", "SET b x", "SET b 9223372036854775807", "LPUSH l 1 2 3", 'SET "" 1'];
      const prepared = fc.subarray(states).map((state) => state.map((one): [number, string] => [0, one]));
      await fc.assert(
        fc.asyncProperty(prepared, lines, (state, command) => compare([...state, [0, command]])),
        { numRuns: 200 },
      );
    });
  }

  it("to any conversation in any database", async () => {
    await fc.assert(fc.asyncProperty(conversation, compare), { numRuns: 150 });
  });

  it("to a command that neither knows", async () => {
    await compare([
      [0, "NOPE"],
      [0, "nope x ö"],
    ]);
  });
});
