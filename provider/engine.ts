/** What the engine's protocol needs of everyone who speaks it: marks in place of values, and beside them. */

/**
 * What stands for a value that is not known before the update:
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go (UnknownStringValue)
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * What marks a value that the engine has to encrypt, beside the value itself:
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
 */
export const SECRET_MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** Marks secret values. The engine does not recognize an unknown value behind the mark. */
export function markSecrets(
  properties: object,
  isSecret: (name: string) => boolean,
): Record<string, unknown> {
  const entries = Object.entries(properties).map(([name, value]) => [
    name,
    isSecret(name) && isKnown(value) ? { ...SECRET_MARK, value } : value,
  ]);
  return Object.fromEntries(entries);
}

function isKnown(value: unknown): boolean {
  return value !== undefined && value !== null && value !== UNKNOWN;
}

/** Leaves out what is undefined: the host can't send it, and state need not hold it. */
export function omitUndefined<T extends object>(properties: T): T {
  const defined = { ...properties };
  for (const name in defined) if (defined[name] === undefined) delete defined[name];
  return defined;
}
