/** Where commands run. */
export interface RedisBackend {
  /** Runs one command and returns the reply as Web CLI shows it; a Redis error is a reply too. */
  run(database: number, words: readonly string[]): Promise<string>;
}

/** The Redis that commands should run on can't be reached or broke off. */
export class RedisUnreachable extends Error {}

/** Web CLI refuses these: they block, hold state in the connection, or reveal too much. */
const DISABLED = new Set(
  `SELECT KEYS MULTI EXEC WATCH DUMP RESTORE BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP
  SUBSCRIBE PSUBSCRIBE SSUBSCRIBE ZREM ACL MONITOR`.split(/\s+/),
).add("CONFIG SET");

/** Runs a command line. Words are split at white space: keys and values can't hold any. */
export async function runCommand(redis: RedisBackend, database: number, line: string): Promise<string> {
  // "" stands for the empty value, which could not be written otherwise.
  const words = line
    .trim()
    .split(/\s+/)
    .map((word) => (word === '""' ? "" : word));
  const [name = "", sub = ""] = words.map((word) => word.toUpperCase());
  if (DISABLED.has(name) || DISABLED.has(`${name} ${sub}`)) {
    return `ERR command '${name}' is disabled in Web CLI`;
  }
  const response = await redis.run(database, words);
  return response === "" ? "nil" : response;
}
