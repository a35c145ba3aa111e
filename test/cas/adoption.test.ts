import assert from "node:assert/strict";
import { isAlive, logOut, openSession } from "./support/browser";
import { adopting, create, lifecycle } from "./support/lifecycle";
import { useCas } from "./support/server";

describe("CasSession that adopts on Apereo CAS", () => {
  const cas = useCas();

  it("takes an open session", async () => {
    const cookie = await openSession(cas());
    const { outs } = await create(adopting(cas(), cookie));
    assert.equal(outs.ticketGrantingCookie, cookie);
  });

  it("ends an adopted session", async () => {
    const cookie = await openSession(cas());
    const { id, outs } = await create(adopting(cas(), cookie));
    await lifecycle.delete(id, outs);
    assert.equal(await isAlive(cas(), cookie), false);
  });

  it("refuses a session that is over", async () => {
    const cookie = await openSession(cas());
    await logOut(cas(), cookie);
    await assert.rejects(create(adopting(cas(), cookie)), /Could not adopt the session/);
  });

  it("refuses a session that another User-Agent opened", async () => {
    const cookie = await openSession(cas(), { userAgent: "tests/2" });
    await assert.rejects(create(adopting(cas(), cookie)), /Could not adopt the session/);
  });
});
