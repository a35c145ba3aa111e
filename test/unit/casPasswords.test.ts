import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { calls, requestsOn, useEmulator } from "../support/emulator";
import { LOGIN_FORM } from "../support/front";
import { casInputs, casLifecycle, QUICK, quickRuntime, useConnections } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serve } from "../support/server";

type Answer = (response: ServerResponse) => unknown;

describe("A CAS password that brings no session", () => {
  const connections = useConnections();
  afterEach(closeServers);
  const create = (casUrl: string, more = {}) =>
    casLifecycle(QUICK, quickRuntime({ connections: connections() })).create({
      ...{ casUrl, username: "admin", password: "wrong-one", userAgent: "tests/1" },
      ...more,
    });
  const failureOf = async (casUrl: string, more = {}) => (await rejection(create(casUrl, more))).message;

  /** A CAS that shows its login form to everybody, and answers a login like this. */
  async function serveCas(answer: Answer = (response) => response.end(LOGIN_FORM)) {
    const { url, requests } = await serve((request, response) =>
      request.method === "POST" && request.url?.startsWith("/cas/login")
        ? answer(response)
        : response.end(LOGIN_FORM),
    );
    const sent = () => requests().filter((request) => request.startsWith("POST /cas/login")).length;
    return { casUrl: `${url}/cas`, sent };
  }

  const answers: [string, Answer][] = [
    ...[200, 302, 400, 401, 403, 404, 423, 500, 503, 999].map((status): [string, Answer] => [
      String(status),
      (response) => response.writeHead(status, { location: "/elsewhere" }).end("<h1>No</h1>"),
    ]),
    ["200 and the login form", (response) => response.end(LOGIN_FORM)],
    [
      "a session's cookie that no probe finds alive",
      (response) => response.setHeader("Set-Cookie", "TGC=TGT-1").end(LOGIN_FORM),
    ],
    ["a connection that is cut", (response) => response.destroy()],
  ];
  for (const [what, answer] of answers) {
    it(`is sent once for eight sessions where the answer is ${what}`, async () => {
      const { casUrl, sent } = await serveCas(answer);
      const messages = await Promise.all(Array.from({ length: 8 }, () => failureOf(casUrl)));
      assert.equal(sent(), 1);
      assert.doesNotMatch(messages.join(), /wrong-one/);
    });
  }

  it("is called bad only where the login form comes back", async () => {
    for (const [answer, isBad] of [
      [(response: ServerResponse) => response.end(LOGIN_FORM), true],
      [(response: ServerResponse) => response.writeHead(401).end(LOGIN_FORM), true],
      [(response: ServerResponse) => response.end("<h1>No</h1>"), false],
      [(response: ServerResponse) => response.writeHead(400).end(LOGIN_FORM), false],
    ] as const) {
      const { casUrl } = await serveCas(answer);
      assert.equal(/rejected the login/.test(await failureOf(casUrl)), isBad);
    }
  });

  it("says for the others why they were not sent", async () => {
    const { casUrl } = await serveCas((response) => response.writeHead(400).end());
    await failureOf(casUrl);
    assert.match(
      await failureOf(casUrl, { service: "https://another.example/" }),
      /the login was not sent, because an earlier one with the same password brought no session: POST \/cas\/login answered 400/,
    );
  });

  it("counts for one account by every spelling of its server's URL, and for no other server", async () => {
    const { casUrl, sent } = await serveCas();
    const { port } = new URL(casUrl);
    for (const host of ["localhost", "LOCALHOST"]) await failureOf(`http://${host}:${port}/cas`);
    await failureOf(`http://localhost:${port}/cas/`);
    assert.equal(sent(), 1);
    await failureOf(casUrl);
    assert.equal(sent(), 2);
  });

  it("is one of four at most for one account: a fifth may lock it", async () => {
    const { casUrl, sent } = await serveCas();
    const passwords = Array.from({ length: 8 }, (_, i) => `guess number ${i}`);
    const messages = await Promise.all(passwords.map((password) => failureOf(casUrl, { password })));
    assert.equal(sent(), 4);
    assert.equal(messages.filter((message) => /4 passwords of this user/.test(message)).length, 4);
  });

  it("is sent again after a 429, because that is no attempt", async () => {
    let count = 0;
    const { casUrl, sent } = await serveCas((response) =>
      count++ === 0 ? response.writeHead(429).end() : response.end(LOGIN_FORM),
    );
    await failureOf(casUrl);
    assert.equal(sent(), 2);
  });
});

describe("A CAS password", () => {
  const emulator = useEmulator();
  const connections = useConnections();
  const create = (more = {}) => {
    const lifecycle = casLifecycle(QUICK, quickRuntime({ connections: connections() }));
    return lifecycle.create(casInputs(emulator(), more));
  };
  const wrong = { password: "hunter2-secret" };
  const logins = () => requestsOn(emulator(), "cas.login").length;

  it("that is wrong fails all of eight sessions in the same words", async () => {
    const creates = Array.from({ length: 8 }, () => create(wrong));
    const messages = await Promise.all(creates.map(async (failed) => (await rejection(failed)).message));
    assert.equal(new Set(messages).size, 1);
    assert.match(messages.join(), /the CAS rejected the login .* Check `username` and `password`\./);
    assert.deepEqual(calls(emulator()), ["cas.form", "cas.login"]);
  });

  it("that is wrong does not stand in the way of the right one, or of another user", async () => {
    await rejection(create(wrong));
    await create();
    await rejection(create({ ...wrong, username: "other" }));
    assert.equal(logins(), 3);
  });

  it("that is right opens eight sessions at once", async () => {
    await Promise.all(Array.from({ length: 8 }, () => create()));
    assert.equal(emulator().sessions().cas.open.length, 8);
  });

  it("that is right is not held up by a login that failed for another reason after it had proved good", async () => {
    await create();
    emulator().fault({ on: "cas.login", do: { status: 500 } });
    await rejection(create());
    await create();
    assert.equal(logins(), 3);
  });
});
