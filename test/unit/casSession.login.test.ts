import assert from "node:assert/strict";
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { useEmulator } from "../support/emulator";
import { type Exchange, pass, relay, serveFront, type Upstream } from "../support/front";
import { casInputs, casLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serve } from "../support/server";

const FORM = '<form><input type="hidden" name="lt" value="LT-1"><input type="password"></form>';

describe("A CAS login", () => {
  const emulator = useEmulator();
  afterEach(closeServers);
  const open = () => emulator().sessions().cas.open.length;

  /** What becomes of the answer to a login on its way; everything else passes. */
  async function throughFront(spoil: (response: ServerResponse, answer: Upstream) => unknown) {
    const front = await serveFront(emulator().url, async (exchange: Exchange) => {
      const isLogin = exchange.method === "POST" && exchange.path.startsWith("/cas/login");
      if (!isLogin) return pass(exchange);
      spoil(exchange.response, await exchange.forward());
    });
    return casInputs(emulator(), { casUrl: `${front.url}/cas` });
  }

  const long = Buffer.alloc(3 * 1024 * 1024, " ");
  const spoilt: [string, (response: ServerResponse, answer: Upstream) => unknown][] = [
    [
      "is cut off",
      (response, { status, headers }) => {
        response.writeHead(status, { ...headers, "content-length": "100" });
        response.write("half", () => response.destroy());
      },
    ],
    [
      "stalls",
      (response, { status, headers }) => {
        response.writeHead(status, { ...headers, "content-length": "100" });
        response.write("half");
      },
    ],
    [
      "never begins",
      (response, { status, headers }) => {
        response.writeHead(status, { ...headers, "content-length": "100" });
        response.flushHeaders();
      },
    ],
    ["is too long", (response, answer) => relay(response, { ...answer, body: long })],
    [
      "can't be decoded",
      (response, answer) => {
        const headers: IncomingHttpHeaders = { ...answer.headers, "content-encoding": "gzip" };
        relay(response, { ...answer, headers, body: Buffer.from("this is not gzip") });
      },
    ],
  ];
  for (const [what, spoil] of spoilt) {
    it(`succeeds by the cookie in its headers, where the body ${what}`, async () => {
      const inputs = await throughFront(spoil);
      const { id, outs } = await casLifecycle().create(inputs);
      assert.ok(outs);
      assert.equal(open(), 1);
      await casLifecycle().delete(id, outs);
      assert.equal(open(), 0);
    });
  }

  for (const name of ["SSO", "__Host-TGC"]) {
    it(`succeeds by a ticket-granting cookie of the name ${name}`, async () => {
      const rename = (from: string, to: string, text = "") => text.replace(`${from}=TGT-`, `${to}=TGT-`);
      const front = await serveFront(emulator().url, async ({ headers, response, forward }) => {
        headers.cookie = rename(name, "CASTGC", headers.cookie);
        const answer = await forward();
        const cookies = (answer.headers["set-cookie"] ?? []).map((cookie) => rename("CASTGC", name, cookie));
        relay(response, { ...answer, headers: { ...answer.headers, "set-cookie": cookies } });
      });
      const inputs = casInputs(emulator(), { casUrl: `${front.url}/cas` });
      const { id, outs } = await casLifecycle().create(inputs);
      assert.match(outs?.ticketGrantingCookie ?? "", new RegExp(`^${name}=TGT-`));
      assert.ok(outs);
      await casLifecycle().delete(id, outs);
      assert.equal(open(), 0);
    });
  }

  it("asks for pages as a browser does", async () => {
    await casLifecycle().create(casInputs(emulator()));
    for (const { headers } of emulator().requests()) {
      assert.equal(headers.accept, "text/html,application/xhtml+xml,*/*;q=0.8");
      assert.equal(headers["accept-encoding"], "identity");
    }
  });

  it("goes back with the cookies of its form, and keeps those that are not cleared", async () => {
    const { outs } = await casLifecycle().create(casInputs(emulator()));
    const [, login, probe] = emulator().requests();
    assert.match(String(login?.headers.cookie), /^casSessionId=[^;]+$/);
    assert.equal(outs?.cookies, login?.headers.cookie);
    assert.equal(probe?.headers.cookie, `${outs?.cookies}; ${outs?.ticketGrantingCookie}`);
  });
});

describe("A ticket-granting cookie", () => {
  afterEach(closeServers);

  /** A CAS that sets this cookie, and knows it as an open session until a logout with it. */
  async function serveCas(value: string) {
    const loggedOut: (string | undefined)[] = [];
    const { url } = await serve((request, response) => {
      const { method, url: path = "", headers } = request;
      const mine = headers.cookie?.includes(Buffer.from(value).toString("latin1").slice(0, 40));
      if (path.startsWith("/cas/logout")) loggedOut.push(headers.cookie);
      else if (method === "POST") response.setHeader("Set-Cookie", `TGC=${value}; Path=/cas`);
      response.end(mine && loggedOut.length === 0 ? "<h1>Welcome</h1>" : FORM);
    });
    const inputs = {
      casUrl: `${url}/cas`,
      username: "admin",
      password: value.slice(0, 9),
      userAgent: "tests/1",
    };
    return { create: () => casLifecycle().create(inputs), loggedOut };
  }

  // Apereo CAS signs and encrypts the cookie: https://apereo.github.io/cas/6.6.x/authentication/Configuring-SSO.html
  for (const length of [600, 900, 4_000]) {
    it(`may have ${length} characters`, async () => {
      const value = `eyJhbGciOiJIUzUxMiJ9.${"x".repeat(length)}`;
      const { outs } = await (await serveCas(value)).create();
      assert.equal(outs?.ticketGrantingCookie, `TGC=${value}`);
    });
  }

  for (const [what, value] of [
    ["has more than 4,096 characters", `TGT-${"x".repeat(4_096)}`],
    ["holds a character that is not ASCII", "TGT-1-sésame"],
  ] as const) {
    it(`that ${what} is refused without a logout, which would need it`, async () => {
      const { create, loggedOut } = await serveCas(value);
      const { message, id } = await rejection(create());
      assert.match(
        message,
        /with a ticket-granting cookie that can't be sent back\. .*may have opened a session/,
      );
      assert.ok(!message.includes(value));
      assert.deepEqual([loggedOut, id], [[], undefined]);
    });
  }
});
