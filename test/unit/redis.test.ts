import assert from "node:assert/strict";
import { commandProblem, redisError } from "../../provider/api/dcs/redis";

describe("A Redis reply", () => {
  const errors: [string, string][] = [
    ["ERR unknown command 'FOO', with args beginning with: 'secret'", "ERR unknown command"],
    ["ERR unknown subcommand 'secret'. Try CONFIG HELP.", "ERR unknown subcommand"],
    [
      "WRONGTYPE Operation against a key holding the wrong kind of value",
      "WRONGTYPE Operation against a key holding the wrong kind of value",
    ],
    ["(error) NOAUTH Authentication required.", "NOAUTH Authentication required"],
    ["ERR no such key , : `k`", "ERR no such key"],
    ["ERR syntax error\r\nsecret", "ERR syntax error"],
    ["ERR first\r\nsecond", "ERR"],
    ["ERR the-value-of-a-key-that-begins-like-an-error", "ERR"],
    [`OOM ${" ".repeat(2 * 1024 * 1024)}secret`, "OOM"],
    ["NOGROUP No such key 'k' or consumer group 'g'", "NOGROUP no such key"],
  ];
  for (const [reply, shown] of errors) {
    it(`is an error, shown as "${shown}": ${JSON.stringify(reply.slice(0, 40))}`, () => {
      assert.equal(redisError(reply), shown);
    });
  }

  const values = [
    "OK",
    "nil",
    "PONG",
    "",
    "ERR",
    "ERRATIC",
    "HELLO world",
    "an ERR within",
    "err lower case",
  ];
  for (const value of values) {
    it(`is a value: ${JSON.stringify(value)}`, () => assert.equal(redisError(value), undefined));
  }
});

describe("A command", () => {
  for (const command of [
    "GET a",
    "  get\ta",
    "CONFIG GET databases",
    "SET SELECT 1",
    "HSET SET SET 1",
    'SET a {"b":"c"}',
    'SET a "b"',
  ]) {
    it(`is accepted: ${command}`, () => assert.equal(commandProblem(command), undefined));
  }

  const refused: [string, string][] = [
    ["", "it is empty"],
    ["\t ", "it is empty"],
    ["GET a\rGET b", "one command in one line"],
    [" KEYS *", "must not use KEYS,"],
    ["Multi", "must not use MULTI,"],
    ["config  set x y", "must not use CONFIG SET,"],
    ["BLPOP q 0", "must not use BLPOP,"],
    ["SUBSCRIBE c", "must not use SUBSCRIBE,"],
    ['SET greeting "hello world"', "splits a command at each space, and knows no quotes"],
    ["SET greeting 'hello world'", "knows no quotes"],
    ['SET greeting " hello"', "knows no quotes"],
  ];
  for (const [command, problem] of refused) {
    it(`is refused: ${JSON.stringify(command)}`, () => assert.ok(commandProblem(command)?.includes(problem)));
  }
});
