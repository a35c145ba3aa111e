import type { RedisBackend } from "./backend";

type Value = string | readonly string[];
type Database = Map<string, Value>;

interface Command {
  /** How many words may follow the name. */
  readonly arity: readonly [min: number, max: number];
  run(database: Database, args: readonly string[], databases: Map<number, Database>): string;
}

/** A Redis error reply: its message starts with the error's kind. */
class RedisError extends Error {}

const MANY = Number.POSITIVE_INFINITY;
const INT64_MAX = 2n ** 63n - 1n;
const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
const NOT_AN_INTEGER = "ERR value is not an integer or out of range";
const SYNTAX_ERROR = "ERR syntax error";

/**
 * The small Redis inside the emulator: enough for state, counters, lists and errors. `npm run test:redis` compares it
 * with a real one.
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
      return command.run(database, args, this.databases);
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
  ["DEL", { arity: [1, MANY], run: (database, keys) => count(keys, (key) => database.delete(key)) }],
  ["EXISTS", { arity: [1, MANY], run: (database, keys) => count(keys, (key) => database.has(key)) }],
  ["TYPE", { arity: [1, 1], run: typeOf }],
  ["STRLEN", { arity: [1, 1], run: (database, [key = ""]) => byteLength(stringAt(database, key)) }],
  ["INCR", { arity: [1, 1], run: (database, [key = ""]) => increment(database, key, 1n) }],
  ["DECR", { arity: [1, 1], run: (database, [key = ""]) => increment(database, key, -1n) }],
  ["INCRBY", { arity: [2, 2], run: (db, [key = "", by = ""]) => increment(db, key, toInteger(by)) }],
  ["LPUSH", { arity: [2, MANY], run: push((list, values) => [...values.toReversed(), ...list]) }],
  ["RPUSH", { arity: [2, MANY], run: push((list, values) => [...list, ...values]) }],
  ["LLEN", { arity: [1, 1], run: (database, [key = ""]) => String(listAt(database, key).length) }],
  ["LRANGE", { arity: [3, 3], run: range }],
  ["DBSIZE", { arity: [0, 0], run: (database) => String(database.size) }],
  ["FLUSHDB", { arity: [0, MANY], run: (database, args) => flush(args, database) }],
  ["FLUSHALL", { arity: [0, MANY], run: (_, args, databases) => flush(args, databases) }],
]);

function wrongArity(name: string): string {
  return `ERR wrong number of arguments for '${name.toLowerCase()}' command`;
}

function stringAt(database: Database, key: string): string | undefined {
  const value = database.get(key);
  if (typeof value === "object") throw new RedisError(WRONG_TYPE);
  return value;
}

function listAt(database: Database, key: string): readonly string[] {
  const value = database.get(key) ?? [];
  if (typeof value === "string") throw new RedisError(WRONG_TYPE);
  return value;
}

function toInteger(text: string): bigint {
  const value = /^(0|-?[1-9]\d{0,18})$/.test(text) ? BigInt(text) : undefined;
  if (value === undefined || value > INT64_MAX || value < -INT64_MAX - 1n)
    throw new RedisError(NOT_AN_INTEGER);
  return value;
}

function increment(database: Database, key: string, by: bigint): string {
  const sum = toInteger(stringAt(database, key) ?? "0") + by;
  if (sum > INT64_MAX || sum < -INT64_MAX - 1n) {
    throw new RedisError("ERR increment or decrement would overflow");
  }
  database.set(key, String(sum));
  return String(sum);
}

function count(keys: readonly string[], counts: (key: string) => boolean): string {
  return String(keys.filter(counts).length);
}

function byteLength(text = ""): string {
  return String(Buffer.byteLength(text));
}

function typeOf(database: Database, [key = ""]: readonly string[]): string {
  if (!database.has(key)) return "none";
  return typeof database.get(key) === "string" ? "string" : "list";
}

function set(database: Database, [key = "", value = "", ...rest]: readonly string[]): string {
  const options = new Set(rest.map((option) => option.toUpperCase()));
  const timed = ["EX", "PX", "EXAT", "PXAT"].find((option) => options.has(option));
  if (timed !== undefined) {
    throw new RedisError(`ERR ${timed} needs a real Redis: start the emulator with --redis`);
  }
  const known = ["NX", "XX", "GET", "KEEPTTL"];
  if ([...options].some((option) => !known.includes(option)) || (options.has("NX") && options.has("XX"))) {
    throw new RedisError(SYNTAX_ERROR);
  }
  const old = options.has("GET") ? (stringAt(database, key) ?? "nil") : undefined;
  const isWanted = database.has(key) ? !options.has("NX") : !options.has("XX");
  if (isWanted) database.set(key, value);
  return old ?? (isWanted ? "OK" : "nil");
}

function setMany(database: Database, args: readonly string[]): string {
  if (args.length % 2 === 1) throw new RedisError(wrongArity("mset"));
  for (let at = 0; at < args.length; at += 2) database.set(args[at] ?? "", args[at + 1] ?? "");
  return "OK";
}

function push(joined: (list: readonly string[], values: readonly string[]) => string[]): Command["run"] {
  return (database, [key = "", ...values]) => {
    const list = joined(listAt(database, key), values);
    database.set(key, list);
    return String(list.length);
  };
}

function range(database: Database, [key = "", from = "", to = ""]: readonly string[]): string {
  const [first = 0, last = 0] = [from, to].map((at) => Number(toInteger(at)));
  const list = listAt(database, key);
  const index = (at: number) => Math.max(at < 0 ? list.length + at : at, 0);
  const end = last < 0 ? list.length + last : last;
  return list.slice(index(first), Math.max(end + 1, 0)).join("\n");
}

function flush(args: readonly string[], data: { clear(): void }): string {
  const [mode = "SYNC", ...rest] = args;
  if (rest.length > 0 || !/^(A?SYNC)$/i.test(mode)) throw new RedisError(SYNTAX_ERROR);
  data.clear();
  return "OK";
}
