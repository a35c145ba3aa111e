import assert from "node:assert";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/index";
import { hasForm, hiddenInputs, send } from "../../support/client";
import { getLogin, logOut, openCas, postForm, service } from "./cas-client";

describe("emulator: CAS log-out", () => {
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
        assert.strictEqual((await logOut(emulator, { cookie })).status, 200);
        assert.ok(hasForm(await getLogin(emulator, { cookie, service })));
        const { open, closed } = emulator.sessions().cas;
        assert.deepStrictEqual([open, closed], [[], 1]);
      });

      it("ends it with the body {} too", async () => {
        const cookie = await openCas(emulator);
        assert.strictEqual((await logOut(emulator, { cookie }, "{}")).status, 200);
        assert.strictEqual(emulator.sessions().cas.closed, 1);
      });

      it("gives the same answer again, without a cookie, and for a made-up one, and ends nothing", async () => {
        const cookie = await openCas(emulator);
        await openCas(emulator);
        const first = await logOut(emulator, { cookie });
        const name = cookie.split("=")[0];
        for (const other of [cookie, undefined, `${name}=TGT-1-made-up`]) {
          const { status, text } = await logOut(emulator, { cookie: other });
          assert.deepStrictEqual({ status, text }, { status: first.status, text: first.text });
        }
        const { open, closed } = emulator.sessions().cas;
        assert.deepStrictEqual([open.length, closed], [1, 1]);
      });

      it("can be a GET, as a link in a browser is", async () => {
        const cookie = await openCas(emulator);
        const headers = { cookie, "user-agent": "test/1" };
        assert.strictEqual((await send(`${emulator.casUrl}/logout`, { headers })).status, 200);
        assert.strictEqual(emulator.sessions().cas.closed, 1);
      });

      it("asks first where so set, and ends the session when the page's form is posted", async () => {
        await start({ casFlavor, confirmLogout: true });
        const cookie = await openCas(emulator);
        const asked = await logOut(emulator, { cookie });
        assert.strictEqual(asked.status, 200);
        assert.strictEqual(emulator.sessions().cas.closed, 0);
        const headers = { cookie, "user-agent": "test/1" };
        const url = `${emulator.casUrl}/logout`;
        assert.strictEqual((await postForm(url, hiddenInputs(asked), { headers })).status, 200);
        assert.strictEqual(emulator.sessions().cas.closed, 1);
      });

      it("ends the session of whoever posts the page, which is of none", async () => {
        await start({ casFlavor, confirmLogout: true });
        const [mine, other] = [await openCas(emulator), await openCas(emulator)];
        const fields = hiddenInputs(await logOut(emulator, { cookie: other }));
        const headers = { cookie: mine, "user-agent": "test/1" };
        await postForm(`${emulator.casUrl}/logout`, fields, { headers });
        assert.deepStrictEqual(emulator.sessions().cas.open, [other.split("=")[1]]);
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
          assert.deepStrictEqual([answer.status, emulator.sessions().cas.closed], [status, 0]);
        });
      }
    });
  }

  it("as Apereo, asks to confirm without a session too, and fails, with 500, over one that is over", async () => {
    await start({ casFlavor: "apereo", confirmLogout: true });
    for (const cookie of ["", "TGC=made-up; CASTGC=made-up"]) {
      const asked = await logOut(emulator, { cookie });
      const names = ["LogoutRequestConfirmed", "execution", "_eventId"];
      assert.deepStrictEqual([asked.status, Object.keys(hiddenInputs(asked))], [200, names]);
    }
    const cookie = await openCas(emulator);
    emulator.expireSessions();
    const failed = await logOut(emulator, { cookie });
    assert.deepStrictEqual([failed.status, hiddenInputs(failed)], [500, {}]);
  });

  it("as Jasig 3.5, fails over the body {} and yet ends the session", async () => {
    await start({ probeWithoutServiceLies: true });
    const cookie = await openCas(emulator);
    assert.strictEqual((await logOut(emulator, { cookie }, "{}")).status, 500);
    assert.strictEqual(emulator.sessions().cas.closed, 1);
  });

  it("leaves MRS Manager's web a session of its own, made from a ticket", async () => {
    await start({});
    const check = `${emulator.url}/web/v1/access/login_check`;
    const login = await send(check);
    const target = new URL(login.headers.location ?? "").searchParams.get("service") ?? "";
    assert.strictEqual(target, `${emulator.url}/web/cas_security_check.htm`);
    const cookie = await openCas(emulator);
    const location = (await getLogin(emulator, { cookie, service: target })).headers.location ?? "";
    const entered = await send(location);
    const web = String(entered.headers["set-cookie"]).split(";")[0] ?? "";
    assert.match(web, /^JSESSIONID=/);
    assert.strictEqual((await send(check, { headers: { cookie: web } })).status, 200);
    assert.strictEqual((await send(location)).headers["set-cookie"], undefined);
  });
});
