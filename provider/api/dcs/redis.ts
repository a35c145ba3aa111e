import { knownBeginning } from "../http/redaction";

/** The code words of Redis errors: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const ERROR_CODES =
  "ERR WRONGTYPE NOAUTH NOPERM WRONGPASS NOSCRIPT BUSY BUSYGROUP BUSYKEY LOADING MISCONF MOVED ASK CROSSSLOT CLUSTERDOWN TRYAGAIN READONLY OOM EXECABORT MASTERDOWN NOREPLICAS NOTBUSY UNKILLABLE INPROG NOGROUP NOPROTO DENIED STALE";

const ERROR = new RegExp(`^(?:\\(error\\) )?(${ERROR_CODES.replaceAll(" ", "|")}) (.*)`, "s");

/** Messages of Redis that repeat nothing of the command: https://github.com/redis/redis/blob/7.2/src/server.c */
const FIXED_MESSAGES = [
  "Operation against a key holding the wrong kind of value",
  "value is not an integer or out of range",
  "value is not a valid float",
  "increment or decrement would overflow",
  "syntax error",
  "no such key",
  "index out of range",
  "invalid expire time",
  "unknown command",
  "unknown subcommand",
  "wrong number of arguments",
  "DB index is out of range",
  "Authentication required",
  "command not allowed when used memory > 'maxmemory'",
  "You can't write against a read only replica",
  "Redis is loading the dataset in memory",
];

/**
 * The error that a reply is, undefined where it is a value. The Web CLI hands over both as text in a 200, so
 * a value that begins like an error counts as one. Such a value may be a secret: only the code word is
 * shown, and the message where it is one of Redis's fixed ones.
 */
export function redisError(reply: string): string | undefined {
  const [, code, message = ""] = ERROR.exec(reply.slice(0, 500)) ?? [];
  if (!code) return undefined;
  const fixed = knownBeginning(message, FIXED_MESSAGES);
  return fixed ? `${code} ${fixed}` : code;
}

/** What the Web CLI disables: https://support.huaweicloud.com/intl/en-us/usermanual-dcs/dcs-ug-0312027.html */
const DISABLED = new Set(
  "SELECT KEYS MULTI EXEC DISCARD WATCH UNWATCH DUMP RESTORE BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP SUBSCRIBE PSUBSCRIBE SSUBSCRIBE ZREM ACL MONITOR".split(
    " ",
  ),
);

/** Why the Web CLI would not run a command as it stands; undefined where it would. */
export function commandProblem(command: string): string | undefined {
  if (/[\r\n]/.test(command)) return "must be one command in one line";
  const words = command.trim().split(/\s+/);
  if (words.some(opensQuote)) {
    return "must not quote a value with spaces: the Web CLI splits a command at each space, and knows no quotes";
  }
  const [name = "", argument = ""] = words.map((word) => word.toUpperCase());
  if (name === "") return "must be a Redis command; it is empty";
  const called = name === "CONFIG" && argument === "SET" ? "CONFIG SET" : name;
  const disabled = DISABLED.has(called) || called === "CONFIG SET";
  return disabled ? `must not use ${called}, which the Web CLI disables` : undefined;
}

/** A quotation mark that another word closes. JSON, whose quotation marks come in pairs, is a value like any other. */
function opensQuote(word: string): boolean {
  const [quote = ""] = /^["']/.exec(word) ?? [];
  return quote !== "" && (word.length === 1 || !word.endsWith(quote));
}
