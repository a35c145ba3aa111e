import assert from "node:assert/strict";
import type { RecordedRequest } from "../../emulator";
import type { FaultKind } from "./faultKinds";
import { secretIn, shownBy } from "./outputs";
import type { World } from "./world";

/** Nothing that anybody may see holds a secret. */
export function assertNoSecret(world: World, what: string, texts: readonly string[]): void {
  for (const text of texts) {
    const leaked = secretIn(text, world.secrets);
    assert.equal(leaked, undefined, `${what} shows a secret: ${text}`);
  }
}

/** An error is one paragraph for a person. */
export function assertReadable(world: World, verb: string, error: unknown): void {
  assert.ok(error instanceof Error, `${verb} rejected with no error: ${error}`);
  assertNoSecret(world, `the error of ${verb}`, shownBy(error));
  assert.doesNotMatch(error.message, /[\r\n]|undefined|\[object/, `the error of ${verb} is no paragraph`);
}

/** The engine prints the stack of what these verbs throw. */
export function assertNoStack(verb: string, error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  assert.doesNotMatch(stack, /\n\s+at /, `the error of ${verb} has a stack`);
}

/**
 * A log-in is sent again only where the server surely did not act on it: `answered` are the statuses that
 * reached the client, `faults` what struck the log-ins, both in order.
 */
export function assertNoResend(
  logIns: readonly RecordedRequest[],
  answered: readonly number[],
  faults: readonly FaultKind[],
): void {
  for (const [index, { status }] of logIns.slice(0, -1).entries()) {
    const known = status !== undefined && answered[index] === status;
    assert.ok(known, "a log-in was sent again after one whose answer was lost");
    const sure = faults[index]?.harmless || status === 401;
    assert.ok(sure, `a log-in was sent again after an answer of ${status}`);
  }
}

/**
 * Keys that a 401 refused are never sent again; notes the ones that are refused from here on. The client is
 * not `sure` to have got every answer where one was late or cut off.
 */
export function assertNoRefusedKeys(world: World, requests: readonly RecordedRequest[], sure: boolean): void {
  for (const request of requests) {
    const key = keyOf(request);
    if (key === undefined) continue;
    assert.ok(!world.keys.refused.has(key), "keys were sent again after a 401");
    if (request.status !== 401) continue;
    world.keys.doubted.add(key);
    if (sure) world.keys.refused.add(key);
  }
}

function keyOf({ headers }: RecordedRequest): string | undefined {
  const token = headers["x-auth-token"];
  if (typeof token === "string") return token;
  return /Access=([^,\s]+)/.exec(String(headers.authorization ?? ""))?.[1];
}

/** No session is open that nobody holds, but for those whose log-in's answer was lost. */
export function assertNoOrphans(world: World, held: ReadonlySet<string>, lost: number): void {
  const orphans = world.open.filter((id) => !held.has(id));
  assert.ok(
    orphans.length <= lost,
    `${orphans.length} sessions are open that nobody holds, and ${lost} log-ins were lost`,
  );
}
