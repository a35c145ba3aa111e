import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import type { FaultAction } from "../../emulator";
import { useEmulator } from "../support/emulator";
import { LOGIN_FORM, pass, relay, serveFront, type Upstream } from "../support/front";
import { casInputs, casLifecycle, SERVICES } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serve } from "../support/server";

type Spoil = (response: ServerResponse, answer: Upstream) => unknown;

/** A front that does something to the answers to logins, and passes everything else. */
async function serveSpoiling(target: string, spoil: Spoil): Promise<string> {
  const { url } = await serveFront(target, async (exchange) => {
    const isLogin = exchange.method === "POST" && exchange.path.startsWith("/cas/login");
    if (!isLogin) return pass(exchange);
    spoil(exchange.response, await exchange.forward());
  });
  return `${url}/cas`;
}

/** Sends some of a body and then nothing, or nothing more. */
const sendHalf = (then: (response: ServerResponse) => unknown): Spoil => {
  return (response, { status, headers }) => {
    response.writeHead(status, { ...headers, "content-length": "100" });
    response.write("half", () => then(response));
  };
};

describe("A CAS login", () => {
  const emulator = useEmulator();
  afterEach(closeServers);
  const open = () => emulator().sessions().cas.open.length;

  const long = Buffer.alloc(3 * 1024 * 1024, " ");
  const spoilt: [string, Spoil][] = [
    ["is cut off", sendHalf((response) => response.destroy())],
    ["stalls", sendHalf(() => {})],
    [
      "never begins",
      (response, { status, headers }) => {
        response.writeHead(status, { ...headers, "content-length": "100" }).flushHeaders();
      },
    ],
    ["is too long", (response, answer) => relay(response, { ...answer, body: long })],
    [
      "can't be decoded",
      (response, answer) => {
        const headers = { ...answer.headers, "content-encoding": "gzip" };
        relay(response, { ...answer, headers, body: Buffer.from("this is not gzip") });
      },
    ],
  ];
  for (const [what, spoil] of spoilt) {
    it(`succeeds by the cookie in its headers, where the body ${what}`, async () => {
      const casUrl = await serveSpoiling(emulator().url, spoil);
      const { id, outs } = await casLifecycle().create(casInputs(emulator(), { casUrl }));
      assert.equal(open(), 1);
      await casLifecycle().delete(id, outs);
      assert.equal(open(), 0);
    });
  }

  for (const casCookieName of ["SSO", "__Host-TGC"]) {
    it(`succeeds by a ticket-granting cookie of the name ${casCookieName}`, async () => {
      await emulator.start({ casCookieName });
      const { id, outs } = await casLifecycle().create(casInputs(emulator()));
      assert.match(outs.ticketGrantingCookie, new RegExp(`^${casCookieName}=TGT-`));
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
    assert.equal(outs.cookies, login?.headers.cookie);
    assert.equal(probe?.headers.cookie, `${outs.cookies}; ${outs.ticketGrantingCookie}`);
  });

  it("may have opened a session, which is said where a ticket comes without a cookie", async () => {
    const casUrl = await serveSpoiling(emulator().url, (response, { headers }) =>
      response.writeHead(302, { location: headers.location }).end(),
    );
    const { message } = await rejection(casLifecycle().create(casInputs(emulator(), { casUrl })));
    assert.match(
      message,
      /answered 302 as if it had opened a session, but none of its cookies is the session's/,
    );
    assert.match(message, /may have opened a session that could not be recorded/);
    assert.ok(!/ST-/.test(message) && !message.includes(emulator().password), message);
  });
});

describe("A session's cookie that an administrator renamed, with an encrypted value", () => {
  const emulator = useEmulator({ casFlavor: "apereo", casCookieName: "MYSSO" });
  afterEach(closeServers);
  const cookie = () => `MYSSO=${emulator().sessions().cas.open[0]}`;

  for (const [how, service] of SERVICES) {
    it(`is found by what it does among others, ${how}`, async () => {
      const casUrl = await serveSpoiling(emulator().url, (response, { headers, ...answer }) => {
        const cookies = [...(headers["set-cookie"] ?? []), "theme=dark", "JSESSIONID=1.node1"];
        relay(response, { ...answer, headers: { ...headers, "set-cookie": cookies } });
      });
      const { id, outs } = await casLifecycle().create(casInputs(emulator(), { casUrl, service }));
      assert.equal(outs.ticketGrantingCookie, cookie());
      assert.equal(outs.cookies, "theme=dark; JSESSIONID=1.node1");
      await casLifecycle().delete(id, outs);
      assert.deepEqual(emulator().sessions().cas.open, []);
    });
  }

  it("is found where the page of its login broke off", async () => {
    const casUrl = await serveSpoiling(
      emulator().url,
      sendHalf((response) => response.destroy()),
    );
    const inputs = casInputs(emulator(), { casUrl, service: undefined });
    assert.equal((await casLifecycle().create(inputs)).outs.ticketGrantingCookie, cookie());
  });

  const faults: [string, FaultAction][] = [
    ["breaks off", { drop: "before" }],
    ["finds the server busy", { status: 503 }],
  ];
  for (const [what, fault] of faults) {
    it(`is found although a question for it ${what}`, async () => {
      emulator().fault({ on: "cas.probe", do: fault });
      const { outs } = await casLifecycle().create(casInputs(emulator()));
      assert.equal(outs.ticketGrantingCookie, cookie());
    });
  }
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
      response.end(mine && loggedOut.length === 0 ? "<h1>Welcome</h1>" : LOGIN_FORM);
    });
    const login = { casUrl: `${url}/cas`, username: "admin", password: "right", userAgent: "tests/1" };
    return { create: () => casLifecycle().create(login), loggedOut };
  }

  // Apereo CAS signs and encrypts the cookie: https://apereo.github.io/cas/6.6.x/authentication/Configuring-SSO.html
  for (const length of [600, 900, 4_000]) {
    it(`may have ${length} characters`, async () => {
      const value = `eyJhbGciOiJIUzUxMiJ9.${"x".repeat(length)}`;
      const { outs } = await (await serveCas(value)).create();
      assert.equal(outs.ticketGrantingCookie, `TGC=${value}`);
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
