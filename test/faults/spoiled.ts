import assert from "node:assert/strict";
import { assertNoSecret } from "./invariants";
import type { Subject } from "./subject";
import type { World } from "./world";

/** Check refuses bad secrets without showing them: the engine would print the value of a named property. */
export async function assertSpoiledIsRefused<Inputs, State>(
  world: World,
  { lifecycle, spoiled }: Subject<Inputs, State>,
): Promise<void> {
  const secret = `Spoiled@${world.emulator.secretKey}`;
  world.secrets.add(secret);
  const { failures = [] } = await lifecycle.check(undefined, spoiled(secret));
  assert.ok(failures.length > 0, "check let bad input pass");
  for (const { property, reason } of failures) {
    assert.equal(property, "");
    assertNoSecret(world, "a check failure", [reason]);
  }
}
