/** The words with which a Redis error begins: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const ERRORS =
  /^(?:\(error\) )?((?:ERR|WRONGTYPE|NOAUTH|NOPERM|WRONGPASS|NOSCRIPT|BUSY|BUSYGROUP|BUSYKEY|LOADING|MISCONF|MOVED|ASK|CROSSSLOT|CLUSTERDOWN|TRYAGAIN|READONLY|OOM|EXECABORT|MASTERDOWN|NOREPLICAS|NOTBUSY|UNKILLABLE|INPROG|NOGROUP|NOPROTO|DENIED|STALE) .*)/s;

/**
 * The error that a reply is, undefined where it is a value. The Web CLI hands both over as text in a
 * 200, so a value that begins like an error counts as one. Shown up to the first quotation mark,
 * because Redis goes on with the command's arguments.
 */
export function redisError(reply: string): string | undefined {
  const error = ERRORS.exec(reply)?.[1];
  return error
    ?.split(/['"`\r\n]/, 1)[0]
    ?.slice(0, 120)
    .replace(/[,:\s]+$/, "");
}

/** What the Web CLI refuses: https://support.huaweicloud.com/intl/en-us/usermanual-dcs/dcs-ug-0312027.html */
const DISABLED = new Set(
  "SELECT KEYS MULTI EXEC DISCARD WATCH UNWATCH DUMP RESTORE BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP SUBSCRIBE PSUBSCRIBE SSUBSCRIBE ZREM ACL MONITOR".split(
    " ",
  ),
);

/** Why the Web CLI would not run a command as it stands, undefined where it would. */
export function commandProblem(command: string): string | undefined {
  if (/[\r\n]/.test(command)) return "holds a line break: write one command";
  const [name = "", argument = ""] = command.trim().toUpperCase().split(/\s+/);
  if (name === "") return "is empty: write a Redis command";
  const called = name === "CONFIG" && argument === "SET" ? "CONFIG SET" : name;
  const disabled = DISABLED.has(called) || called === "CONFIG SET";
  return disabled ? `uses ${called}, which the Web CLI disables` : undefined;
}
