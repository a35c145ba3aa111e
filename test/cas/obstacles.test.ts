import assert from "node:assert/strict";
import { cookiesIn } from "../../provider/api/cas/cookies";
import { TIMEOUTS } from "../../provider/api/deadline";
import { type Exchange, relay } from "../support/front";
import { casLifecycle } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";
import { rejection } from "../support/rejection";
import { closeServers } from "../support/server";
import { ADMINS_HOST, NO_SSO_HOST, WARNED_USER } from "./server/settings";
import { isAlive, SERVICE } from "./support/browser";
import { serveFrontOf } from "./support/front";
import { argsFor, create, lifecycle } from "./support/lifecycle";
import { requestsOf, useCas } from "./support/useCas";

describe("CasSession on Apereo CAS, for a service that does not take it", () => {
  const cas = useCas();
  afterEach(closeServers);

  it("names single sign-on that is switched off, and ends the session", async () => {
    const front = await serveFrontOf(cas());
    const cookies: string[] = [];
    front.behave(async ({ forward, response }: Exchange) => {
      const answer = await forward();
      cookies.push(...cookiesIn({ setCookies: answer.headers["set-cookie"] ?? [], headers: {} }));
      relay(response, answer);
    });
    const service = `https://${NO_SSO_HOST}/`;
    const args = argsFor(cas(), { casUrl: `${front.url}/cas`, service, caCertificate: undefined });
    const { message } = await rejection(create(args));
    assert.match(message, /the session is open, but the CAS shows its login form to it .*`ssoEnabled`/);
    const cookie = cookies.find((set) => set.startsWith("TGC="));
    assert.equal(await isAlive(cas(), cookie ?? ""), false);
  });

  it("quotes that the user lacks a right", async () => {
    const service = `https://${ADMINS_HOST}/`;
    // Of its own: a password that brought no session is not sent again by the same one.
    const { message } = await rejection(create(argsFor(cas(), { service }), casLifecycle(TIMEOUTS)));
    assert.match(message, /answered 401 .*: "Service access denied due to missing privileges"/);
  });

  it("tells one that is not registered by the login form without it, and sends no password", async () => {
    const service = "https://elsewhere.example/";
    let message = "";
    const requests = await requestsOf(cas(), async () => {
      message = (await rejection(create(argsFor(cas(), { service })))).message;
    });
    assert.match(message, /titled "Application Not Authorized to Use CAS" for this `service`/);
    assert.deepEqual(requests, ["GET /cas/login 403", "GET /cas/login 200"]);
  });
});

describe("CasSession on an Apereo CAS with another name for its encrypted cookie", () => {
  const cas = useCas({ cookieName: "MYSSO", warns: true });

  for (const service of [SERVICE, undefined]) {
    it(`finds the cookie by what it does, and ends the session, ${service ? "with" : "without"} a service`, async () => {
      const { id, outs } = await create(argsFor(cas(), { service }));
      assert.match(outs.ticketGrantingCookie, /^MYSSO=eyJ/);
      assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), true);
      await lifecycle.delete(id, outs);
      assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), false);
    });
  }

  it("goes on past the warning that a password expires soon, and says so", async () => {
    const notices = await noticesOf(async () => {
      const { id, outs } = await create(argsFor(cas(), { username: WARNED_USER }));
      assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), true);
      await lifecycle.delete(id, outs);
      assert.equal(await isAlive(cas(), outs.ticketGrantingCookie), false);
    });
    assert.match(
      notices.join("\n"),
      /showed a page titled "Authentication Succeeded with Warnings"\. It was confirmed\./,
    );
  });
});
