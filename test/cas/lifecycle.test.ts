import assert from "node:assert/strict";
import { rejection } from "../support/rejection";
import type { CasServer } from "./server/server";
import { isAlive, logOut, openSession, SERVICE } from "./support/browser";
import { adopting, argsFor, create, lifecycle } from "./support/lifecycle";
import { requestsOf, useCas } from "./support/useCas";

const trusts = {
  "a CA": ({ caCertificate }: CasServer) => ({ caCertificate }),
  "a fingerprint": ({ certificateFingerprint }: CasServer) => ({ certificateFingerprint }),
};
const services = { "with a service": SERVICE, "without a service": undefined };

describe("CasSession on Apereo CAS", () => {
  const cas = useCas();

  for (const [trust, trusted] of Object.entries(trusts)) {
    for (const [title, service] of Object.entries(services)) {
      const open = () =>
        create({ ...argsFor(cas(), { service, caCertificate: undefined }), ...trusted(cas()) });

      it(`finds a session alive, ends it, and replaces it ${title}, trusting ${trust}`, async () => {
        const { id, outs, inputs } = await open();
        assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), true);
        assert.deepEqual(await lifecycle.diff(id, outs, inputs), { changes: false });
        await lifecycle.delete(id, outs);
        assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), false);
        const replaced = { changes: true, replaces: ["ticketGrantingCookie"] };
        assert.deepEqual(await lifecycle.diff(id, outs, inputs), replaced);
      });
    }
  }

  it("keeps a live session on refresh, and drops one that is over", async () => {
    const { id, outs } = await create(argsFor(cas()));
    assert.deepEqual(await lifecycle.read(id, outs), { id, props: outs });
    await logOut(cas(), outs.ticketGrantingCookie);
    assert.deepEqual(await lifecycle.read(id, outs), {});
  });

  it("sees no session with another User-Agent, to which the server pins it", async () => {
    const { id, outs } = await create(argsFor(cas()));
    assert.deepEqual(await lifecycle.read(id, { ...outs, userAgent: "tests/2" }), {});
    assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), true);
  });

  it("accepts that a session to log out of has ended already", async () => {
    const { id, outs } = await create(argsFor(cas()));
    await lifecycle.delete(id, outs);
    await lifecycle.delete(id, outs);
    assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), false);
  });

  it("sends a wrong password once, for however many sessions", async () => {
    const args = argsFor(cas(), { password: "wrong-for-many" });
    const many = () => Promise.allSettled([create(args), create(args), create(args)]);
    assert.deepEqual(await requestsOf(cas(), many), ["GET /cas/login 200", "POST /cas/login 401"]);
  });

  it("does not show a wrong password, and keeps nothing in state", async () => {
    const password = "not-the-password";
    const error = await rejection(create(argsFor(cas(), { password })));
    assert.match(error.message, /POST \/cas\/login answered 401 without a ticket-granting cookie/);
    assert.ok(!error.message.includes(password));
    // The engine keeps what an error with an ID brings.
    assert.ok(!("id" in error));
  });
});

describe("CasSession that adopts on Apereo CAS", () => {
  const cas = useCas();

  it("takes an open session, and ends it", async () => {
    const cookie = await openSession(cas());
    const { id, outs } = await create(adopting(cas(), cookie));
    assert.equal(outs.ticketGrantingCookie, cookie);
    await lifecycle.delete(id, outs);
    assert.equal(await isAlive(cas(), cookie), false);
  });

  it("refuses a session that is over", async () => {
    const cookie = await openSession(cas());
    await logOut(cas(), cookie);
    await assert.rejects(create(adopting(cas(), cookie)), { message: /Could not adopt the session/ });
  });

  it("refuses a session that another User-Agent opened", async () => {
    const cookie = await openSession(cas(), { userAgent: "tests/2" });
    await assert.rejects(create(adopting(cas(), cookie)), { message: /Could not adopt the session/ });
  });
});

describe("CasSession on an Apereo CAS that asks to confirm a logout", () => {
  const cas = useCas({ confirmLogout: true });

  for (const [title, service] of Object.entries(services)) {
    it(`confirms it and ends a session ${title}`, async () => {
      const { id, outs } = await create(argsFor(cas(), { service }));
      await lifecycle.delete(id, outs);
      assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), false);
    });
  }

  // Apereo CAS answers 500 to that logout; only the probe shows that the session has ended.
  it("accepts that the session has ended already", async () => {
    const { id, outs } = await create(argsFor(cas()));
    await lifecycle.delete(id, outs);
    await lifecycle.delete(id, outs);
    assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), false);
  });
});
