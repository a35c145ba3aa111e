import assert from "node:assert/strict";
import type { CasServer } from "../../tools/cas";
import { isAlive, logOut, SERVICE } from "./support/browser";
import { argsFor, create, lifecycle } from "./support/lifecycle";
import { requestsOf } from "./support/requests";
import { useCas } from "./support/server";

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

      it(`logs in ${title}, trusting ${trust}`, async () => {
        const { outs } = await open();
        assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), true);
      });

      it(`ends the session ${title}, trusting ${trust}`, async () => {
        const { id, outs } = await open();
        await lifecycle.delete(id, outs);
        assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), false);
      });

      it(`finds a live session unchanged ${title}, trusting ${trust}`, async () => {
        const { id, outs, inputs } = await open();
        assert.deepEqual(await lifecycle.diff(id, outs, inputs), { changes: false });
      });

      it(`replaces a session that is over ${title}, trusting ${trust}`, async () => {
        const { id, outs, inputs } = await open();
        await logOut(cas(), outs.ticketGrantingCookie);
        const { changes, replaces } = await lifecycle.diff(id, outs, inputs);
        assert.deepEqual({ changes, replaces }, { changes: true, replaces: ["ticketGrantingCookie"] });
      });
    }
  }

  it("keeps a live session on refresh", async () => {
    const { id, outs } = await create(argsFor(cas()));
    assert.deepEqual(await lifecycle.read(id, outs), { id, props: outs });
  });

  it("drops a session that is over on refresh", async () => {
    const { id, outs } = await create(argsFor(cas()));
    await logOut(cas(), outs.ticketGrantingCookie);
    assert.deepEqual(await lifecycle.read(id, outs), {});
  });

  it("sees no session with another User-Agent, to which the server pins it", async () => {
    const { id, outs } = await create(argsFor(cas()));
    assert.deepEqual(await lifecycle.read(id, { ...outs, userAgent: "tests/2" }), {});
    assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), true);
  });

  it("is content to log out of a session that is over", async () => {
    const { id, outs } = await create(argsFor(cas()));
    await lifecycle.delete(id, outs);
    await lifecycle.delete(id, outs);
    assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), false);
  });

  it("sends a wrong password once and does not show it", async () => {
    const password = "not-the-password";
    const sent = await requestsOf(cas(), () => create(argsFor(cas(), { password })));
    assert.deepEqual(sent, ["GET /cas/login 200", "POST /cas/login 401"]);
    await assert.rejects(create(argsFor(cas(), { password })), (error: Error) => {
      assert.match(error.message, /POST \/cas\/login answered 401 and set no ticket-granting cookie/);
      assert(!error.message.includes(password));
      // What Pulumi keeps in state has an id.
      assert(!("id" in error));
      return true;
    });
  });
});
