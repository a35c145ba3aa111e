import assert from "node:assert/strict";
import { Successors } from "../../provider/api/cas/cookies";
import { Prober } from "../../provider/api/cas/probe";
import { CasRequests } from "../../provider/api/cas/requests";
import { Deadline } from "../../provider/api/deadline";
import { HttpClient } from "../../provider/api/http/http";
import { LOGIN_FORM } from "../support/front";
import { QUICK } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serve } from "../support/server";

const SERVICE = "https://app.example/home";

interface Reply {
  status?: number;
  location?: string;
  page?: string;
}

/** To whom a CAS shows something: to our session, to a made-up one, and to no session at all. */
interface Replies {
  mine: Reply;
  madeUp?: Reply;
  none?: Reply;
  /** For a request with a service, where it differs. */
  withService?: Reply;
}

async function probe(replies: Replies, service?: string) {
  const { url } = await serve((request, response) => {
    const { mine, madeUp = { page: LOGIN_FORM }, none = { page: LOGIN_FORM }, withService } = replies;
    const [cookie] = /TGC=\S+/.exec(request.headers.cookie ?? "") ?? [];
    const whose = cookie === "TGC=mine" ? mine : cookie ? madeUp : none;
    const reply = request.url?.includes("service=") ? (withService ?? whose) : whose;
    const { status = 200, location, page = "" } = reply;
    response.writeHead(status, location ? { Location: location } : {}).end(page);
  });
  const server = { casUrl: `${url}/cas`, service, userAgent: "tests/1" };
  const requests = new CasRequests(server, new HttpClient(), new Deadline("ask", QUICK));
  return new Prober(requests, new Successors()).probe({ ticketGrantingCookie: "TGC=mine" });
}

const toAll = (reply: Reply): Replies => ({ mine: reply, madeUp: reply, none: reply });

describe("A CAS session", () => {
  afterEach(closeServers);

  it("is alive when the server grants a ticket for the service", async () => {
    for (const query of ["?ticket=ST-1", "?a=b&ticket=ST-1"]) {
      assert.equal(await probe({ mine: { status: 302, location: SERVICE + query } }, SERVICE), "alive");
    }
  });

  for (const service of [SERVICE, undefined]) {
    it(`is dead when it gets the login form ${service ? "with" : "without"} a service`, async () => {
      assert.equal(await probe({ mine: { page: LOGIN_FORM } }, service), "dead");
    });

    it(`is alive when it gets a page, and a made-up one the form, ${service ? "with" : "without"} a service`, async () => {
      assert.equal(await probe({ mine: { page: "<h1>Welcome</h1>" } }, service), "alive");
      assert.equal(await probe({ mine: { page: "<form><input name=q></form>" } }, service), "alive");
    });
  }

  const noTickets: [string, Reply][] = [
    ["a redirect to another origin", { status: 302, location: "https://evil.example/home?ticket=ST-1" }],
    ["a redirect to another path", { status: 302, location: "https://app.example/other?ticket=ST-1" }],
    ["a redirect to the service without a ticket", { status: 302, location: SERVICE }],
    ["a redirect to nowhere", { status: 302 }],
    ["a redirect to what is not a whole URL", { status: 302, location: "/cas/login?ticket=ST-1" }],
    ["a page that names the service and a ticket", { status: 200, location: `${SERVICE}?ticket=ST-1` }],
  ];
  const nothing: [string, Reply][] = [
    ["a page with a form", { page: "<form><input name=q></form>" }],
    ["a form with a password field that is not the CAS's", { page: "<form><input type=password></form>" }],
    [
      "a login form that goes to another server",
      { page: '<form action="https://sso.example/"><input type=hidden name=lt><input type=password></form>' },
    ],
    ...[401, 403, 404].map((status): [string, Reply] => [
      `${status} with the form`,
      { status, page: LOGIN_FORM },
    ]),
  ];
  for (const [what, reply] of [...noTickets, ...nothing]) {
    it(`is unknown when every session gets ${what}`, async () => {
      assert.equal(await probe(toAll(reply), SERVICE), "unknown");
      assert.equal(await probe(toAll(reply)), "unknown");
    });
  }

  it("is unknown when only ours is refused: a refusal is not evidence", async () => {
    for (const status of [302, 401, 403, 404]) assert.equal(await probe({ mine: { status } }), "unknown");
  });

  it("is unknown when even a visitor without a session gets the same page", async () => {
    assert.equal(await probe(toAll({ page: "<h1>Back soon</h1>" })), "unknown");
  });

  it("looks like any other when only a visitor without a session gets the form, as on Jasig CAS 3.5", async () => {
    const page = { page: "<h1>Log In Successful</h1>" };
    assert.equal(await probe({ mine: page, madeUp: page }), "sameForAnyCookie");
  });

  it("is asked for without the service when that tells nothing, because it may not be registered", async () => {
    const withService = { status: 403 };
    assert.equal(await probe({ mine: { page: LOGIN_FORM }, withService }, SERVICE), "dead");
    assert.equal(await probe({ mine: { page: "<h1>Welcome</h1>" }, withService }, SERVICE), "alive");
  });

  it("is not known by a ticket where no service was asked for", async () => {
    assert.equal(await probe(toAll({ status: 302, location: `${SERVICE}?ticket=ST-1` })), "unknown");
  });

  for (const status of [429, 500, 503]) {
    it(`can't be asked about when the server answers ${status}`, async () => {
      const { message } = await rejection(probe({ mine: { status, page: LOGIN_FORM } }));
      assert.equal(message, `GET /cas/login answered ${status}`);
    });
  }
});
