import { type Database, DatabaseError, type Memory } from "./database";

interface Command {
  /** How many words may follow the name. */
  readonly arity: readonly [min: number, max: number];
  run(database: Database, args: readonly string[], memory: Memory): string;
}

const many = Number.POSITIVE_INFINITY;

function add(database: Database, key: string, by: string | number): string {
  const sum = toInteger(database.text(key) ?? "0") + toInteger(String(by));
  database.set(key, String(sum));
  return String(sum);
}

function toInteger(text: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new DatabaseError("ERR value is not an integer or out of range");
  }
  return value;
}

function set(database: Database, [key = "", value = "", condition, ...rest]: readonly string[]): string {
  const when = condition?.toUpperCase();
  if (rest.length > 0 || (when !== undefined && when !== "NX" && when !== "XX")) {
    throw new DatabaseError("ERR syntax error");
  }
  if (when !== undefined && database.has(key) !== (when === "XX")) {
    return "nil";
  }
  database.set(key, value);
  return "OK";
}

function setMany(database: Database, args: readonly string[]): string {
  if (args.length % 2 === 1) {
    throw new DatabaseError("ERR wrong number of arguments for 'mset' command");
  }
  for (let at = 0; at < args.length; at += 2) {
    database.set(args[at] ?? "", args[at + 1] ?? "");
  }
  return "OK";
}

function push(side: "push" | "unshift"): Command["run"] {
  return (database, [key = "", ...values]) => {
    const list = database.list(key) ?? [];
    for (const value of values) {
      list[side](value);
    }
    database.set(key, list);
    return String(list.length);
  };
}

function range(database: Database, [key = "", from = "", to = ""]: readonly string[]): string {
  const list = database.list(key) ?? [];
  const [first, last] = [toInteger(from), toInteger(to)].map((at) => (at < 0 ? list.length + at : at));
  return list.slice(Math.max(first ?? 0, 0), (last ?? 0) + 1).join("\n");
}

/** The built-in Redis: enough to show state, counters, lists and errors. */
export const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ["PING", { arity: [0, 1], run: (_, [text]) => text ?? "PONG" }],
  ["ECHO", { arity: [1, 1], run: (_, [text = ""]) => text }],
  ["SET", { arity: [2, many], run: set }],
  ["GET", { arity: [1, 1], run: (database, [key = ""]) => database.text(key) ?? "nil" }],
  ["MSET", { arity: [2, many], run: setMany }],
  [
    "DEL",
    { arity: [1, many], run: (database, keys) => String(keys.filter((key) => database.delete(key)).length) },
  ],
  [
    "EXISTS",
    { arity: [1, many], run: (database, keys) => String(keys.filter((key) => database.has(key)).length) },
  ],
  ["TYPE", { arity: [1, 1], run: (database, [key = ""]) => database.type(key) }],
  [
    "STRLEN",
    { arity: [1, 1], run: (database, [key = ""]) => String(Buffer.byteLength(database.text(key) ?? "")) },
  ],
  ["INCR", { arity: [1, 1], run: (database, [key = ""]) => add(database, key, 1) }],
  ["DECR", { arity: [1, 1], run: (database, [key = ""]) => add(database, key, -1) }],
  ["INCRBY", { arity: [2, 2], run: (database, [key = "", by = ""]) => add(database, key, by) }],
  ["LPUSH", { arity: [2, many], run: push("unshift") }],
  ["RPUSH", { arity: [2, many], run: push("push") }],
  ["LLEN", { arity: [1, 1], run: (database, [key = ""]) => String(database.list(key)?.length ?? 0) }],
  ["LRANGE", { arity: [3, 3], run: range }],
  ["DBSIZE", { arity: [0, 0], run: (database) => String(database.size()) }],
  ["FLUSHDB", { arity: [0, 1], run: (database) => database.clear() }],
  ["FLUSHALL", { arity: [0, 1], run: (_, __, memory) => memory.clear() }],
]);
