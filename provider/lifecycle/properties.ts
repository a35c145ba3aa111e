import { createHmac, randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";

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

/** Keyed with the session's own secret; encrypted in state, so that nobody can try secrets against it. */
export function digest(secret: string | undefined, key: string): string | undefined {
  if (secret === undefined) return undefined;
  return createHmac("sha256", key).update(secret).digest("base64url").slice(0, 16);
}
