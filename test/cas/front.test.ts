import assert from "node:assert/strict";
import { type Exchange, LIES, pass } from "../support/front";
import { casLifecycle, QUICK } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers } from "../support/server";
import { isAlive, SERVICE } from "./support/browser";
import { serveFrontOf } from "./support/front";
import { argsFor, create, lifecycle } from "./support/lifecycle";
import { useCas } from "./support/useCas";

/** Which requests get a lie, and whether the logout reaches the CAS all the same. */
const scopes = [
  { to: "every request", lied: () => true, reaches: false },
  { to: "logouts only", lied: ({ method }: Exchange) => method === "POST", reaches: false },
  { to: "probes only", lied: ({ method }: Exchange) => method === "GET", reaches: true },
];

const services = { "with a service": SERVICE, "without a service": undefined };

/** Little time, because it is certain to run out. */
const SHORT = { ...QUICK, operationTimeout: 800 };

describe("CasSession on Apereo CAS, behind a front that lies from the middle of its life on", () => {
  const cas = useCas();
  afterEach(closeServers);

  /** A session that was opened, and found alive, while the front was honest. */
  async function halfALife(service: string | undefined) {
    const front = await serveFrontOf(cas());
    const casUrl = `${front.url}/cas`;
    const session = await create(argsFor(cas(), { casUrl, service, caCertificate: undefined }));
    const { id, outs, inputs } = session;
    assert.equal(outs.probeIsReliable, true);
    assert.deepEqual(await lifecycle.diff(id, outs, inputs), { changes: false });
    return { ...session, front };
  }

  for (const [title, service] of Object.entries(services)) {
    for (const [what, lie] of LIES) {
      it(`keeps a session ${title} in state while the front ${what}`, async () => {
        const { id, outs, inputs, front } = await halfALife(service);
        front.behave(lie);
        assert.deepEqual(await lifecycle.read(id, outs), { id, props: outs });
        assert.deepEqual(await lifecycle.diff(id, outs, inputs), { changes: false });
      });

      for (const { to, lied, reaches } of scopes) {
        it(`ends a session ${title} only once the front no longer ${what} to ${to}`, async () => {
          const { id, outs, front } = await halfALife(service);
          front.behave((exchange) => (lied(exchange) ? lie(exchange) : pass(exchange)));
          const { message } = await rejection(casLifecycle(SHORT).delete(id, outs));
          assert.match(message, /^Could not log out of the CAS at /);
          assert.ok(front.requests().includes("POST /cas/logout"));
          if (!reaches) assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), true);

          front.behave(pass);
          await lifecycle.delete(id, outs);
          assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), false);
        });
      }
    }
  }
});
