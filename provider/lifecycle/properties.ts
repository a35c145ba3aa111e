import { createHmac, randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { UNKNOWN } from "../definitions";

/**
 * What marks a value that the engine has to encrypt, beside the value itself:
 * https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
 */
export const SECRET_MARK = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** Marks secret values. The engine does not recognize an unknown value behind the mark. */
export function markSecrets<T extends object>(properties: T, isSecret: (name: string) => boolean): T;
export function markSecrets(properties: object, isSecret: (name: string) => boolean): object {
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
export function omitUndefined<T extends object>(properties: T): T;
export function omitUndefined(properties: object): object {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

/** IDs are plain text in state and in every log, so they tell nothing about the session. */
export function newId(prefix: string): string {
  return `${prefix}-${randomBytes(12).toString("hex")}`;
}

export function changedNames(names: readonly string[], olds: object, news: object): string[] {
  const [before, after]: Record<string, unknown>[] = [{ ...olds }, { ...news }];
  return names.filter((name) => !isDeepStrictEqual(normal(before?.[name]), normal(after?.[name])));
}

/**
 * Whether a dynamic resource was one of the native plugin until now. Its state lacks the text by which the host finds
 * this code, so an update has to bring it there before anything can be deleted.
 */
export function comesFromPlugin(olds: object, { __provider }: { __provider?: string }): boolean {
  return __provider !== undefined && !("__provider" in olds);
}

/** No triggers are the same as an empty list of them. */
function normal(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? undefined : value;
}

/** Keyed with the session's own secret; encrypted in state, so that nobody can try passwords against it. */
export function digest(password: string | undefined, key: string): string | undefined {
  if (password === undefined) return undefined;
  return createHmac("sha256", key).update(password).digest("base64url").slice(0, 16);
}
