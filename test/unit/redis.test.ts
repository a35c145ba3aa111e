import assert from "node:assert/strict";
import { commandProblem, redisError } from "../../provider/api/redis";

describe("A Redis reply", () => {
  const errors: [string, string][] = [
    ["ERR unknown command 'FOO', with args beginning with: 'secret'", "ERR unknown command"],
    ["WRONGTYPE Operation against a key", "WRONGTYPE Operation against a key"],
    ["(error) NOAUTH Authentication required.", "NOAUTH Authentication required."],
    ["ERR first\r\nsecond", "ERR first"],
    [`ERR ${"x".repeat(500)}`, `ERR ${"x".repeat(116)}`],
    ["ERR no such key , : `k`", "ERR no such key"],
    ["NOGROUP No such key 'k' or consumer group 'g'", "NOGROUP No such key"],
  ];
  for (const [reply, shown] of errors) {
    it(`is an error, shown without arguments: ${shown.slice(0, 30)}`, () => {
      assert.equal(redisError(reply), shown);
    });
  }

  for (const value of [
    "OK",
    "nil",
    "PONG",
    "",
    "ERRATIC",
    "HELLO world",
    "an ERR within",
    "err lower case",
  ]) {
    it(`is a value: ${JSON.stringify(value)}`, () => assert.equal(redisError(value), undefined));
  }
});

describe("A command", () => {
  for (const command of ["GET a", "  get\ta", "CONFIG GET databases", "SET SELECT 1", "HSET SET SET 1"]) {
    it(`is taken: ${command}`, () => assert.equal(commandProblem(command), undefined));
  }

  const refused: [string, string][] = [
    ["", "is empty"],
    ["\t ", "is empty"],
    ["GET a\rGET b", "line break"],
    [" KEYS *", "uses KEYS,"],
    ["Multi", "uses MULTI,"],
    ["config  set x y", "uses CONFIG SET,"],
    ["BLPOP q 0", "uses BLPOP,"],
    ["SUBSCRIBE c", "uses SUBSCRIBE,"],
  ];
  for (const [command, problem] of refused) {
    it(`is refused: ${JSON.stringify(command)}`, () => assert.ok(commandProblem(command)?.includes(problem)));
  }
});
