import assert from "node:assert/strict";
import { BadOption } from "../../../emulator";
import { hasForm, send, setCookies } from "../../support/client";
import { useClockedEmulator } from "../../support/emulator";
import { answerForm, getLogin, keptCookies, logOut, service } from "./casClient";

describe("emulator: CAS nodes behind a balancer", () => {
  const emulator = useClockedEmulator();
  beforeEach(() => emulator.start({ casNodes: 2 }));

  const routeIn = (cookies: string) => /ROUTEID=(\d)/.exec(cookies)?.[1];

  /** Logs in, and keeps the form's cookies beside the session's. */
  async function open(): Promise<string> {
    const form = await getLogin(emulator());
    const login = await answerForm(emulator(), form);
    return `${keptCookies(form)}; ${keptCookies(login)}`;
  }

  it("take turns, and each sets its own route cookie", async () => {
    const routes: (string | undefined)[] = [];
    for (const _ of "123") routes.push(routeIn(keptCookies(await getLogin(emulator()))));
    assert.deepEqual(routes, ["1", "2", "1"]);
  });

  it("keep a client that sends its route cookie", async () => {
    const cookie = await open();
    await getLogin(emulator());
    const received = await getLogin(emulator(), { cookie, service });
    assert.deepEqual([received.status, setCookies(received)], [302, []]);
  });

  it("share no sessions, and count them together", async () => {
    const [, ...other] = (await open()).split("; ");
    const elsewhere = `ROUTEID=2; ${other.join("; ")}`;
    assert.ok(hasForm(await getLogin(emulator(), { cookie: elsewhere, service })));
    await open();
    assert.equal(emulator().sessions().cas.open.length, 2);
  });

  it("leave a drained node's clients to another one, with its form and its route cookie", async () => {
    const cookie = await open();
    assert.equal(routeIn(cookie), "1");
    emulator().drainCasNode();
    const received = await getLogin(emulator(), { cookie, service });
    assert.deepEqual([hasForm(received), routeIn(keptCookies(received))], [true, "2"]);
  });

  it("keep a session open on a drained node, whatever a logout says", async () => {
    const cookie = await open();
    emulator().drainCasNode();
    assert.equal((await logOut(emulator(), { cookie })).status, 200);
    assert.equal(emulator().sessions().cas.open.length, 1);
    emulator().restoreCasNodes();
    assert.equal((await getLogin(emulator(), { cookie, service })).status, 302);
  });

  it("are drained and restored by the control API too", async () => {
    const cookie = await open();
    const url = `${emulator().url}/emulator/drained-cas-nodes`;
    const headers = { "content-type": "application/json" };
    assert.equal((await send(url, { method: "POST", headers })).status, 204);
    assert.ok(hasForm(await getLogin(emulator(), { cookie, service })));
    assert.equal((await send(url, { method: "DELETE" })).status, 204);
    assert.equal((await getLogin(emulator(), { cookie, service })).status, 302);
  });

  it("keep the last one in service", async () => {
    emulator().drainCasNode();
    assert.throws(() => emulator().drainCasNode(), BadOption);
    const url = `${emulator().url}/emulator/drained-cas-nodes`;
    const headers = { "content-type": "application/json" };
    const { status, text } = await send(url, { method: "POST", headers });
    assert.deepEqual([status, JSON.parse(text)], [409, { error: "The last CAS node stays in service." }]);
  });
});

describe("emulator: a ticket-granting cookie that rotates", () => {
  const emulator = useClockedEmulator();
  beforeEach(() => emulator.start({ casCookieRotates: true }));

  for (const target of [service, undefined]) {
    it(`changes in the answer to a probe ${target ? "with" : "without"} a service, and the old one is dead`, async () => {
      const login = await answerForm(emulator(), await getLogin(emulator()));
      const old = keptCookies(login);
      const fresh = keptCookies(await getLogin(emulator(), { cookie: old, service: target }));
      assert.match(fresh, /^CASTGC=TGT-/);
      assert.ok(hasForm(await getLogin(emulator(), { cookie: old, service })));
      assert.equal((await getLogin(emulator(), { cookie: fresh, service })).status, 302);
    });
  }

  it("is one session, which ends by its newest cookie", async () => {
    const login = await answerForm(emulator(), await getLogin(emulator()));
    const cookie = keptCookies(await getLogin(emulator(), { cookie: keptCookies(login), service }));
    assert.deepEqual(emulator().sessions().cas.open, [cookie.split("=")[1]]);
    await logOut(emulator(), { cookie });
    assert.deepEqual(emulator().sessions().cas, { open: [], opened: 1, closed: 1, expired: 0 });
  });
});
