import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import type { FaultAction } from "../../emulator";
import { requestsOn, useEmulator } from "../support/emulator";
import { casInputs, casLifecycle, QUICK, quickRuntime, SERVICE, useConnections } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serve } from "../support/server";

const FORM = '<form><input type="hidden" name="lt" value="1"><input type="password" name="password"></form>';

describe("A CAS password that brings no session", () => {
  const connections = useConnections();
  afterEach(closeServers);
  const create = (casUrl: string, more = {}) =>
    casLifecycle(QUICK, quickRuntime({ connections: connections() })).create({
      ...{ casUrl, username: "admin", password: "wrong-one", service: SERVICE, userAgent: "tests/1" },
      ...more,
    });

  /** A CAS that shows its login form to everybody, and answers a login like this. */
  async function serveCas(answer: (response: ServerResponse) => unknown) {
    const { url, requests } = await serve((request, response) =>
      request.method === "POST" && request.url?.startsWith("/cas/login")
        ? answer(response)
        : response.end(FORM),
    );
    return { url, sent: () => requests().filter((request) => request.startsWith("POST /cas/login")).length };
  }

  const answers: [string, (response: ServerResponse) => unknown][] = [
    ...[200, 302, 400, 401, 403, 404, 423, 500, 503, 999].map(
      (status): [string, (response: ServerResponse) => unknown] => [
        String(status),
        (response) => response.writeHead(status, { location: "/elsewhere" }).end("<h1>No</h1>"),
      ],
    ),
    ["200 and the login form", (response) => response.end(FORM)],
    [
      "a session's cookie that no probe finds alive",
      (response) => response.setHeader("Set-Cookie", "TGC=TGT-1").end(FORM),
    ],
    ["a connection that is cut", (response) => response.destroy()],
  ];
  for (const [what, answer] of answers) {
    it(`is sent once for eight sessions where the answer is ${what}`, async () => {
      const { url, sent } = await serveCas(answer);
      const messages = await Promise.all(
        Array.from({ length: 8 }, async () => (await rejection(create(`${url}/cas`))).message),
      );
      assert.equal(sent(), 1);
      assert.doesNotMatch(messages.join(), /wrong-one/);
    });
  }

  it("is called bad only where the login form comes back", async () => {
    for (const [answer, isBad] of [
      [(response: ServerResponse) => response.end(FORM), true],
      [(response: ServerResponse) => response.writeHead(401).end(FORM), true],
      [(response: ServerResponse) => response.end("<h1>No</h1>"), false],
      [(response: ServerResponse) => response.writeHead(400).end(FORM), false],
    ] as const) {
      const { url } = await serveCas(answer);
      assert.equal(/rejected the login/.test((await rejection(create(`${url}/cas`))).message), isBad);
    }
  });

  it("says for the others why they were not sent", async () => {
    const { url } = await serveCas((response) => response.writeHead(400).end());
    await rejection(create(`${url}/cas`));
    assert.match(
      (await rejection(create(`${url}/cas`, { service: undefined }))).message,
      /the login was not sent, because an earlier one with the same password brought no session: POST \/cas\/login answered 400/,
    );
  });

  it("counts for one account by every spelling of its server's URL", async () => {
    const { url, sent } = await serveCas((response) => response.end(FORM));
    const { port } = new URL(url);
    for (const casUrl of [
      `http://localhost:${port}/cas`,
      `http://LOCALHOST:${port}/cas`,
      `http://localhost:${port}/cas/`,
    ]) {
      await rejection(create(casUrl));
    }
    assert.equal(sent(), 1);
  });

  it("is one of four at most for one account: a fifth may lock it", async () => {
    const { url, sent } = await serveCas((response) => response.end(FORM));
    const passwords = Array.from({ length: 8 }, (_, i) => `guess number ${i}`);
    const failures = await Promise.all(
      passwords.map((password) => rejection(create(`${url}/cas`, { password }))),
    );
    assert.equal(sent(), 4);
    assert.equal(failures.filter(({ message }) => /4 passwords of this user/.test(message)).length, 4);
  });

  it("is sent again after a 429, because that is no attempt", async () => {
    let count = 0;
    const { url, sent } = await serveCas((response) =>
      count++ === 0 ? response.writeHead(429).end() : response.end(FORM),
    );
    await rejection(create(`${url}/cas`));
    assert.equal(sent(), 2);
  });
});

describe("A CAS login whose answer does not tell its session", () => {
  afterEach(closeServers);

  it("may have opened one, which is said of a ticket without a cookie", async () => {
    const { url } = await serve((request, response) =>
      request.method === "POST"
        ? response.writeHead(302, { location: `${SERVICE}?ticket=ST-1` }).end()
        : response.end(FORM),
    );
    const { message } = await rejection(
      casLifecycle().create({
        ...{
          casUrl: `${url}/cas`,
          username: "admin",
          password: "hidden-1",
          service: SERVICE,
          userAgent: "tests/1",
        },
      }),
    );
    assert.match(
      message,
      /answered 302 as if it had opened a session, but none of its cookies is the session's/,
    );
    assert.match(message, /may have opened a session that could not be recorded/);
    assert.doesNotMatch(message, /ST-1|hidden-1/);
  });

  for (const status of [0, 999]) {
    it(`may have opened one, which is said of the status ${status}, which HTTP does not know`, async () => {
      const { url } = await serve((request, response) => {
        if (request.method !== "POST") return response.end(FORM);
        const line = `HTTP/1.1 ${String(status).padStart(3, "0")} What\r\nContent-Length: 0\r\n\r\n`;
        return response.socket?.end(line);
      });
      const { message } = await rejection(
        casLifecycle().create({
          ...{ casUrl: `${url}/cas`, username: "admin", password: "hidden-1", userAgent: "tests/1" },
        }),
      );
      assert.match(message, /may have opened a session that could not be recorded/);
    });
  }
});

describe("A session's cookie that an administrator renamed, with an encrypted value", () => {
  afterEach(closeServers);
  const VALUE = "eyJhbGciOiJIUzUxMiJ9.ZXlKNmFY.c2lnbmF0dXJl";
  const future = (hours: number) => new Date(Date.now() + hours * 3_600_000).toUTCString();

  /** A CAS that knows its session by a cookie called MYSSO, until its logout. Others are set beside it. */
  async function serveCas(
    tells = true,
    welcome = (response: ServerResponse): unknown => response.end("<h1>Welcome</h1>"),
  ) {
    let isOpen = false;
    const { url } = await serve((request, response) => {
      const { method, url: path = "", headers } = request;
      const isIn = !tells || (isOpen && headers.cookie?.includes(`MYSSO=${VALUE}`));
      if (path.startsWith("/cas/logout")) {
        if (isIn) isOpen = false;
        return response.end("<h1>Bye</h1>");
      }
      if (method === "POST") {
        isOpen = true;
        response.setHeader("Set-Cookie", [`MYSSO=${VALUE}`, "theme=dark", "JSESSIONID=1.node1"]);
      }
      if (method !== "POST" && !isIn) return response.end(FORM);
      if (!path.includes("service="))
        return method === "POST" ? welcome(response) : response.end("<h1>Welcome</h1>");
      return response.writeHead(302, { location: `${SERVICE}?ticket=ST-1` }).end();
    });
    return { url, isOpen: () => isOpen };
  }

  for (const service of [SERVICE, undefined]) {
    it(`is found by what it does, ${service ? "with" : "without"} a service`, async () => {
      const cas = await serveCas();
      const { id, outs } = await casLifecycle().create({
        ...{ casUrl: `${cas.url}/cas`, username: "admin", password: "right", service, userAgent: "tests/1" },
      });
      assert.ok(outs);
      assert.equal(outs.ticketGrantingCookie, `MYSSO=${VALUE}`);
      assert.equal(outs.cookies, "theme=dark; JSESSIONID=1.node1");
      await casLifecycle().delete(id, outs);
      assert.equal(cas.isOpen(), false);
    });
  }

  it("is found where the page of its login broke off", async () => {
    const cas = await serveCas(true, (response) => {
      response.setHeader("Content-Length", 1_000);
      return response.write("<h1>Wel", () => response.destroy());
    });
    const { outs } = await casLifecycle().create({
      ...{ casUrl: `${cas.url}/cas`, username: "admin", password: "right", userAgent: "tests/1" },
    });
    assert.equal(outs?.ticketGrantingCookie, `MYSSO=${VALUE}`);
  });

  const renamed = useEmulator({ casFlavor: "apereo", casCookieName: "MYSSO" });
  const faults: [string, FaultAction][] = [
    ["breaks off", { drop: "before" }],
    ["finds the server busy", { status: 503 }],
  ];
  for (const [what, fault] of faults) {
    it(`is found although a question for it ${what}`, async () => {
      renamed().fault({ on: "cas.probe", do: fault });
      const { outs } = await casLifecycle().create(casInputs(renamed()));
      assert.equal(outs?.ticketGrantingCookie, `MYSSO=${renamed().sessions().cas.open[0]}`);
    });
  }

  it("is good where this machine's clock is ahead of the server's", async () => {
    let isOpen = false;
    const { url } = await serve((request, response) => {
      response.sendDate = false;
      response.setHeader("Date", future(-12));
      if (request.method !== "POST") return response.end(isOpen ? "<h1>Welcome</h1>" : FORM);
      isOpen = true;
      return response.setHeader("Set-Cookie", `TGC=TGT-1; Expires=${future(-4)}`).end("<h1>Welcome</h1>");
    });
    const { outs } = await casLifecycle().create({
      ...{ casUrl: `${url}/cas`, username: "admin", password: "right", userAgent: "tests/1" },
    });
    assert.equal(outs?.ticketGrantingCookie, "TGC=TGT-1");
  });
});

describe("A right CAS password", () => {
  const emulator = useEmulator();
  const connections = useConnections();

  it("is not held up by a login that failed for another reason after it had proved good", async () => {
    const create = () =>
      casLifecycle(QUICK, quickRuntime({ connections: connections() })).create(casInputs(emulator()));
    await create();
    emulator().fault({ on: "cas.login", do: { status: 500 } });
    await rejection(create());
    await create();
    assert.equal(requestsOn(emulator(), "cas.login").length, 3);
  });
});
