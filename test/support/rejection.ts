import assert from "node:assert/strict";

/** The error that a promise rejects with. */
export async function rejection(
  promise: Promise<unknown>,
): Promise<Error & { id?: unknown; properties?: unknown; reasons?: unknown }> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof Error, "should have been rejected with an Error");
  return outcome;
}
