import assert from "node:assert/strict";
import { isAlive } from "./support/browser";
import { argsFor, create, lifecycle } from "./support/lifecycle";
import { useCas } from "./support/server";

describe("CasSession on an Apereo CAS that asks to confirm a log-out", () => {
  const cas = useCas({ confirmLogout: true });

  it("confirms it and ends the session", async () => {
    const { id, outs } = await create(argsFor(cas()));
    await lifecycle.delete(id, outs);
    assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), false);
  });

  it("confirms it and ends a session without a service", async () => {
    const { id, outs } = await create(argsFor(cas(), { service: undefined }));
    await lifecycle.delete(id, outs);
    assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), false);
  });

  // Apereo CAS answers 500 to that log-out; only the probe tells that there is nothing left to end.
  it("is content when the session is over", async () => {
    const { id, outs } = await create(argsFor(cas()));
    await lifecycle.delete(id, outs);
    await lifecycle.delete(id, outs);
    assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), false);
  });
});
