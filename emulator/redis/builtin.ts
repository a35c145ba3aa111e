import type { RedisBackend } from "./backend";

type Value = string | readonly string[];
type Database = Map<string, Value>;

interface Command {
  /** How many words may follow the name. */
  arity: readonly [min: number, max: number];
  run(database: Database, args: readonly string[]): string;
}

/** A Redis error reply: its message starts with the error's kind. */
class RedisError extends Error {}

const MANY = Number.POSITIVE_INFINITY;
const INT64_MAX = 2n ** 63n - 1n;
const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
const NOT_AN_INTEGER = "ERR value is not an integer or out of range";

/**
 * The small Redis inside the emulator: what examples and tests of sessions run. `npm run test:redis` compares it with a
 * real one.
 */
export class BuiltinRedis implements RedisBackend {
  private readonly databases = new Map<number, Database>();

  async run(index: number, [name = "", ...args]: readonly string[]): Promise<string> {
    const command = commands.get(name.toUpperCase());
    if (!command) {
      const shown = args.map((arg) => `'${arg}' `).join("");
      return `ERR unknown command '${name}', with args beginning with: ${shown}`;
    }
    const [min, max] = command.arity;
    if (args.length < min || args.length > max) return wrongArity(name);
    const database = this.databases.get(index) ?? new Map<string, Value>();
    this.databases.set(index, database);
    try {
      return command.run(database, args);
    } catch (error) {
      if (error instanceof RedisError) return error.message;
      throw error;
    }
  }
}

/** The commands that the built-in Redis knows. */
export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["PING", { arity: [0, 1], run: (_, [text = "PONG"]) => text }],
  ["ECHO", { arity: [1, 1], run: (_, [text = ""]) => text }],
  ["SET", { arity: [2, MANY], run: set }],
  ["GET", { arity: [1, 1], run: (database, [key = ""]) => stringAt(database, key) ?? "nil" }],
  ["MSET", { arity: [2, MANY], run: setMany }],
  ["DEL", { arity: [1, MANY], run: remove }],
  ["INCR", { arity: [1, 1], run: increment }],
  ["LPUSH", { arity: [2, MANY], run: push }],
  ["DBSIZE", { arity: [0, 0], run: (database) => String(database.size) }],
]);

function wrongArity(name: string): string {
  return `ERR wrong number of arguments for '${name.toLowerCase()}' command`;
}

function stringAt(database: Database, key: string): string | undefined {
  const value = database.get(key);
  if (typeof value === "object") throw new RedisError(WRONG_TYPE);
  return value;
}

function toInteger(text: string): bigint {
  const value = /^(0|-?[1-9]\d{0,18})$/.test(text) ? BigInt(text) : undefined;
  if (value === undefined || value > INT64_MAX || value < -INT64_MAX - 1n)
    throw new RedisError(NOT_AN_INTEGER);
  return value;
}

function increment(database: Database, [key = ""]: readonly string[]): string {
  const sum = toInteger(stringAt(database, key) ?? "0") + 1n;
  if (sum > INT64_MAX) throw new RedisError("ERR increment or decrement would overflow");
  database.set(key, String(sum));
  return String(sum);
}

function remove(database: Database, keys: readonly string[]): string {
  return String(keys.filter((key) => database.delete(key)).length);
}

function set(database: Database, [key = "", value = "", ...options]: readonly string[]): string {
  if (options.length > 0) {
    throw new RedisError("ERR options of SET need a real Redis: start the emulator with --redis");
  }
  database.set(key, value);
  return "OK";
}

function setMany(database: Database, args: readonly string[]): string {
  if (args.length % 2 === 1) throw new RedisError(wrongArity("mset"));
  for (let at = 0; at < args.length; at += 2) database.set(args[at] ?? "", args[at + 1] ?? "");
  return "OK";
}

/** Lists are there for one thing: to be of the wrong kind. */
function push(database: Database, [key = "", ...values]: readonly string[]): string {
  const list = database.get(key) ?? [];
  if (typeof list === "string") throw new RedisError(WRONG_TYPE);
  database.set(key, [...values.toReversed(), ...list]);
  return String(list.length + values.length);
}
