import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { VERB_MS } from "./pace";

/** Fails where a verb goes on and on. */
export async function inTime(verb: string, work: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const late = wait(VERB_MS, undefined, { signal: timer.signal }).then(
    () => assert.fail(`${verb} did not settle`),
    (error: unknown) => assert.ok(timer.signal.aborted, String(error)),
  );
  await Promise.race([work, late]).finally(() => timer.abort());
}
