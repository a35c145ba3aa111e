import assert from "node:assert/strict";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator";
import { hasForm, hiddenInputs, send } from "../../support/client";
import { getLogin, logOut, openCas, postForm, service } from "./casClient";

describe("emulator: CAS logout", () => {
  let emulator: Emulator;

  async function start(options: EmulatorOptions): Promise<void> {
    await emulator?.close();
    emulator = await startEmulator(options);
  }
  afterEach(() => emulator.close());

  for (const casFlavor of ["mrs", "apereo"] as const) {
    describe(casFlavor, () => {
      beforeEach(() => start({ casFlavor }));

      it("ends the session of the cookie: JSON headers, empty body", async () => {
        const cookie = await openCas(emulator);
        assert.equal((await logOut(emulator, { cookie })).status, 200);
        assert.ok(hasForm(await getLogin(emulator, { cookie, service })));
        const { open, closed } = emulator.sessions().cas;
        assert.deepEqual([open, closed], [[], 1]);
      });

      it("ends it with the body {} too", async () => {
        const cookie = await openCas(emulator);
        assert.equal((await logOut(emulator, { cookie }, "{}")).status, 200);
        assert.equal(emulator.sessions().cas.closed, 1);
      });

      it("gives the same answer again, without a cookie, and for a made-up one, and ends nothing", async () => {
        const cookie = await openCas(emulator);
        await openCas(emulator);
        const first = await logOut(emulator, { cookie });
        const name = cookie.split("=")[0];
        for (const other of [cookie, undefined, `${name}=TGT-1-made-up`]) {
          const { status, text } = await logOut(emulator, { cookie: other });
          assert.deepEqual({ status, text }, { status: first.status, text: first.text });
        }
        const { open, closed } = emulator.sessions().cas;
        assert.deepEqual([open.length, closed], [1, 1]);
      });

      it("can be a GET, as a link in a browser is", async () => {
        const cookie = await openCas(emulator);
        const headers = { cookie, "user-agent": "test/1" };
        assert.equal((await send(`${emulator.casUrl}/logout`, { headers })).status, 200);
        assert.equal(emulator.sessions().cas.closed, 1);
      });

      it("asks first where so set, and ends the session when the page's form is posted", async () => {
        await start({ casFlavor, confirmLogout: true });
        const cookie = await openCas(emulator);
        const asked = await logOut(emulator, { cookie });
        assert.equal(asked.status, 200);
        assert.equal(emulator.sessions().cas.closed, 0);
        const headers = { cookie, "user-agent": "test/1" };
        const url = `${emulator.casUrl}/logout`;
        assert.equal((await postForm(url, hiddenInputs(asked), { headers })).status, 200);
        assert.equal(emulator.sessions().cas.closed, 1);
      });

      it("ends the session of whoever posts the page, which is of none", async () => {
        await start({ casFlavor, confirmLogout: true });
        const [mine, other] = [await openCas(emulator), await openCas(emulator)];
        const fields = hiddenInputs(await logOut(emulator, { cookie: other }));
        const headers = { cookie: mine, "user-agent": "test/1" };
        await postForm(`${emulator.casUrl}/logout`, fields, { headers });
        assert.deepEqual(emulator.sessions().cas.open, [other.split("=")[1]]);
      });

      for (const [what, change, status] of [
        ["a made-up execution", { execution: "e1s1" }, 500],
        ["another event", { _eventId: "submit" }, 500],
      ] as const) {
        it(`is not confirmed by ${what}`, async () => {
          await start({ casFlavor, confirmLogout: true });
          const cookie = await openCas(emulator);
          const fields = { ...hiddenInputs(await logOut(emulator, { cookie })), ...change };
          const headers = { cookie, "user-agent": "test/1" };
          const answer = await postForm(`${emulator.casUrl}/logout`, fields, { headers });
          assert.deepEqual([answer.status, emulator.sessions().cas.closed], [status, 0]);
        });
      }
    });
  }

  it("as Apereo, asks to confirm without a session too, and fails, with 500, over one that is over", async () => {
    await start({ casFlavor: "apereo", confirmLogout: true });
    for (const cookie of ["", "TGC=made-up; CASTGC=made-up"]) {
      const asked = await logOut(emulator, { cookie });
      const names = ["LogoutRequestConfirmed", "execution", "_eventId"];
      assert.deepEqual([asked.status, Object.keys(hiddenInputs(asked))], [200, names]);
    }
    const cookie = await openCas(emulator);
    emulator.expireSessions();
    const failed = await logOut(emulator, { cookie });
    assert.deepEqual([failed.status, hiddenInputs(failed)], [500, {}]);
  });

  it("as Jasig 3.5, fails over the body {} and yet ends the session", async () => {
    await start({ casFlavor: "jasig" });
    const cookie = await openCas(emulator);
    assert.equal((await logOut(emulator, { cookie }, "{}")).status, 500);
    assert.equal(emulator.sessions().cas.closed, 1);
  });

  it("leaves MRS Manager's web a session of its own, made from a ticket", async () => {
    await start({});
    const check = `${emulator.url}/web/v1/access/login_check`;
    const login = await send(check);
    const target = new URL(login.headers.location ?? "").searchParams.get("service") ?? "";
    assert.equal(target, `${emulator.url}/web/cas_security_check.htm`);
    const cookie = await openCas(emulator);
    const location = (await getLogin(emulator, { cookie, service: target })).headers.location ?? "";
    const entered = await send(location);
    const web = String(entered.headers["set-cookie"]).split(";")[0] ?? "";
    assert.match(web, /^JSESSIONID=/);
    assert.equal((await send(check, { headers: { cookie: web } })).status, 200);
    assert.equal((await send(location)).headers["set-cookie"], undefined);
  });
});
