import assert from "node:assert/strict";
import { hasForm, hiddenInputs, send } from "../../support/client";
import { useEmulator } from "../../support/emulator";
import { getLogin, logOut, openCas, postForm, service } from "./casClient";

// How Apereo CAS answers is held to a real one: test/cas/emulator.test.ts.
describe("emulator: CAS logout of MRS Manager", () => {
  const emulator = useEmulator();
  const counts = () => emulator().sessions().cas;

  it("ends the session of the cookie: JSON headers, empty body", async () => {
    const cookie = await openCas(emulator());
    assert.equal((await logOut(emulator(), { cookie })).status, 200);
    assert.ok(hasForm(await getLogin(emulator(), { cookie, service })));
    assert.deepEqual([counts().open, counts().closed], [[], 1]);
  });

  it("ends it with the body {} too, and by a GET, as a link in a browser is", async () => {
    assert.equal((await logOut(emulator(), { cookie: await openCas(emulator()) }, "{}")).status, 200);
    const headers = { cookie: await openCas(emulator()), "user-agent": "test/1" };
    assert.equal((await send(`${emulator().casUrl}/logout`, { headers })).status, 200);
    assert.equal(counts().closed, 2);
  });

  it("gives the same answer again, without a cookie, and for a made-up one, and ends nothing", async () => {
    const cookie = await openCas(emulator());
    await openCas(emulator());
    const first = await logOut(emulator(), { cookie });
    for (const other of [cookie, undefined, "CASTGC=TGT-1-made-up"]) {
      const { status, text } = await logOut(emulator(), { cookie: other });
      assert.deepEqual({ status, text }, { status: first.status, text: first.text });
    }
    assert.deepEqual([counts().open.length, counts().closed], [1, 1]);
  });

  describe("that has to be confirmed", () => {
    const answer = (fields: Record<string, string>, cookie: string) => {
      const headers = { cookie, "user-agent": "test/1" };
      return postForm(`${emulator().casUrl}/logout`, fields, { headers });
    };
    beforeEach(() => emulator.start({ confirmLogout: true }));

    it("asks first, and ends the session when the page's form is posted", async () => {
      const cookie = await openCas(emulator());
      const asked = await logOut(emulator(), { cookie });
      assert.deepEqual([asked.status, counts().closed], [200, 0]);
      assert.equal((await answer(hiddenInputs(asked), cookie)).status, 200);
      assert.equal(counts().closed, 1);
    });

    it("ends the session of whoever posts the page, which is of none", async () => {
      const [mine, other] = [await openCas(emulator()), await openCas(emulator())];
      await answer(hiddenInputs(await logOut(emulator(), { cookie: other })), mine);
      assert.deepEqual(counts().open, [other.split("=")[1]]);
    });

    for (const [name, value] of [
      ["execution", "e1s1"],
      ["_eventId", "submit"],
    ] as const) {
      it(`is not confirmed by another ${name}`, async () => {
        const cookie = await openCas(emulator());
        const fields = { ...hiddenInputs(await logOut(emulator(), { cookie })), [name]: value };
        assert.deepEqual([(await answer(fields, cookie)).status, counts().closed], [500, 0]);
      });
    }
  });

  it("as Jasig 3.5, fails over the body {} and yet ends the session", async () => {
    await emulator.start({ casFlavor: "jasig" });
    assert.equal((await logOut(emulator(), { cookie: await openCas(emulator()) }, "{}")).status, 500);
    assert.equal(counts().closed, 1);
  });

  it("leaves MRS Manager's web a session of its own, made from a ticket", async () => {
    const check = `${emulator().url}/web/v1/access/login_check`;
    const login = await send(check);
    const target = new URL(login.headers.location ?? "").searchParams.get("service") ?? "";
    assert.equal(target, `${emulator().url}/web/cas_security_check.htm`);
    const cookie = await openCas(emulator());
    const location = (await getLogin(emulator(), { cookie, service: target })).headers.location ?? "";
    const entered = await send(location);
    const web = String(entered.headers["set-cookie"]).split(";")[0] ?? "";
    assert.match(web, /^JSESSIONID=/);
    assert.equal((await send(check, { headers: { cookie: web } })).status, 200);
    assert.equal((await send(location)).headers["set-cookie"], undefined);
  });
});
