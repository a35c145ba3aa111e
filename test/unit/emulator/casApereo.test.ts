import assert from "node:assert/strict";
import { hasForm, setCookies } from "../../support/client";
import { useEmulator } from "../../support/emulator";
import { getLogin, keptCookies, logIn, openCas, service } from "./casClient";

// How forms, probes, and logouts are answered is held to a real Apereo CAS: test/cas/emulator.test.ts.
describe("emulator: Apereo CAS", () => {
  const emulator = useEmulator({ casFlavor: "apereo" });

  it("logs in with a page and TGC, and a service with a ticket as well", async () => {
    const received = await logIn(emulator());
    assert.deepEqual([received.status, hasForm(received)], [200, false]);
    const [cookie, ...others] = setCookies(received);
    const { name, path, secure, httpOnly } = cookie ?? {};
    assert.deepEqual([name, path, secure, httpOnly, others], ["TGC", "/cas", true, true, []]);
    const redirected = await logIn(emulator(), { service });
    assert.equal(redirected.status, 302);
    assert.ok(redirected.headers.location?.startsWith(`${service}?ticket=ST-`));
    assert.match(keptCookies(redirected), /^TGC=/);
  });

  it("shows the form again, with 401, for bad credentials, however often", async () => {
    for (let failure = 0; failure < 6; failure += 1) {
      const received = await logIn(emulator(), { fields: { password: "wrong" } });
      assert.deepEqual([received.status, hasForm(received), setCookies(received)], [401, true, []]);
    }
    assert.match(await openCas(emulator()), /^TGC=/);
  });

  it("does not know the other flavor's cookie", async () => {
    const cookie = (await openCas(emulator())).replace("TGC=", "CASTGC=");
    assert.ok(hasForm(await getLogin(emulator(), { cookie })));
  });
});
