import assert from "node:assert/strict";
import { Cas } from "../../provider/api/cas";
import { Patience } from "../../provider/api/patience";
import { QUICK } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serve } from "../support/server";

const SERVICE = "https://app.example/home";
const FORM = '<form><input type="password" name="password"></form>';

interface Reply {
  status?: number;
  location?: string;
  page?: string;
}

/** What a CAS says of a cookie, when it answers to that cookie and to any other as given. */
async function liveness(mine: Reply, others: Reply = { page: FORM }, service: string | undefined = SERVICE) {
  const { url } = await serve((request, response) => {
    const { status = 200, location, page = "" } = request.headers.cookie === "TGC=mine" ? mine : others;
    response.writeHead(status, location ? { Location: location } : {}).end(page);
  });
  const server = { casUrl: `${url}/cas`, service, userAgent: "tests/1" };
  return new Cas(server, new Patience(QUICK)).liveness("TGC=mine");
}

const same = (reply: Reply): [Reply, Reply] => [reply, reply];

describe("A CAS session", () => {
  afterEach(closeServers);

  it("is alive when the server grants a ticket for the service", async () => {
    assert.equal(await liveness({ status: 302, location: `${SERVICE}?ticket=ST-1` }), "alive");
    assert.equal(await liveness({ status: 302, location: `${SERVICE}?a=b&ticket=ST-1` }), "alive");
  });

  it("is dead when the server asks for a password", async () => {
    assert.equal(await liveness({ page: FORM }), "dead");
  });

  const noTickets: [string, Reply][] = [
    ["another origin", { status: 302, location: "https://evil.example/home?ticket=ST-1" }],
    ["another path", { status: 302, location: "https://app.example/other?ticket=ST-1" }],
    ["the service without a ticket", { status: 302, location: SERVICE }],
    ["nowhere", { status: 302 }],
    ["what is no URL", { status: 302, location: "/cas/login?ticket=ST-1" }],
    ["the service, in a page that is no redirect", { status: 200, location: `${SERVICE}?ticket=ST-1` }],
  ];
  for (const [where, reply] of noTickets) {
    it(`is not known by a redirect to ${where}`, async () => {
      assert.equal(await liveness(...same(reply)), "unknown");
    });
  }

  it("is alive when it gets another page than a made-up cookie, which gets the form", async () => {
    assert.equal(await liveness({ page: "<h1>Welcome</h1>" }), "alive");
    assert.equal(await liveness({ status: 403 }), "alive");
  });

  it("is unknown when a made-up cookie gets no form either", async () => {
    assert.equal(await liveness(...same({ page: "<h1>Log In Successful</h1>" })), "unknown");
    assert.equal(await liveness(...same({ page: "<form><input name=q></form>" })), "unknown");
    assert.equal(await liveness(...same({ status: 404, page: FORM })), "unknown");
  });

  it("is asked for without the service when an answer for it tells nothing: it may not be registered", async () => {
    for (const [page, expected] of [
      [FORM, "dead"],
      ["<h1>Welcome</h1>", "alive"],
    ] as const) {
      const { url } = await serve((request, response) => {
        const unregistered = request.url?.includes("service=");
        const mine = request.headers.cookie === "TGC=mine";
        response.writeHead(unregistered ? 403 : 200).end(mine ? page : FORM);
      });
      const server = { casUrl: `${url}/cas`, service: SERVICE, userAgent: "tests/1" };
      assert.equal(await new Cas(server, new Patience(QUICK)).liveness("TGC=mine"), expected);
    }
  });

  it("is not known by a ticket where no service was asked for", async () => {
    const ticket = { status: 302, location: `${SERVICE}?ticket=ST-1` };
    const { url } = await serve((_, response) =>
      response.writeHead(302, { Location: ticket.location }).end(),
    );
    const server = { casUrl: `${url}/cas`, userAgent: "tests/1" };
    assert.equal(await new Cas(server, new Patience(QUICK)).liveness("TGC=mine"), "unknown");
  });

  for (const status of [429, 500, 503]) {
    it(`is an error when the server answers ${status}`, async () => {
      const { message } = await rejection(liveness({ status, page: FORM }));
      assert.equal(message, `GET /cas/login answered ${status}`);
    });
  }
});
