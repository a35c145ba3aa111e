import assert from "node:assert/strict";
import { hasForm, hiddenInputs, setCookies } from "../../support/client";
import { useClockedEmulator } from "../../support/emulator";
import { answerForm, getLogin, keptCookies, logIn, loginUrl, openCas, postForm, service } from "./casClient";

const minute = 60_000;

describe("emulator: login to CAS of MRS Manager", () => {
  const emulator = useClockedEmulator();

  it("shows a form with lt, execution and _eventId, in a session of its own", async () => {
    const form = await getLogin(emulator());
    assert.equal(form.status, 200);
    assert.deepEqual(Object.keys(hiddenInputs(form)), ["lt", "execution", "_eventId"]);
    const [cookie, ...others] = setCookies(form);
    assert.deepEqual([cookie?.name, cookie?.path, others], ["casSessionId", "/cas/", []]);
    assert.match(form.text, new RegExp(`action="/cas/login;jsessionid=${cookie?.value}"`));
  });

  it("keeps the session of a form when the cookie comes back", async () => {
    const cookie = keptCookies(await getLogin(emulator()));
    const again = await getLogin(emulator(), { cookie });
    assert.deepEqual(setCookies(again), []);
    assert.match(again.text, /action="\/cas\/login"/);
  });

  it("logs in with a page, an expired CASPRIVACY and then CASTGC", async () => {
    const received = await logIn(emulator());
    assert.equal(received.status, 200);
    assert.equal(hasForm(received), false);
    const [privacy, castgc, ...others] = setCookies(received);
    assert.deepEqual([privacy?.name, privacy?.value, privacy?.maxAge], ["CASPRIVACY", "", 0]);
    assert.match(castgc?.value ?? "", /^TGT-\d+-[\w-]+$/);
    const { name, path, secure, httpOnly } = castgc ?? {};
    assert.deepEqual([name, path, secure, httpOnly, others], ["CASTGC", "/cas/", true, undefined, []]);
    assert.equal(emulator().sessions().cas.opened, 1);
  });

  it("sends a login for a service back there with a ticket, and the cookie as well", async () => {
    const received = await logIn(emulator(), { service });
    assert.equal(received.status, 302);
    assert.match(
      received.headers.location ?? "",
      /^https:\/\/127\.0\.0\.1:28443\/web\/cas_security_check\.htm\?ticket=ST-/,
    );
    assert.match(keptCookies(received), /^CASTGC=TGT-/);
  });

  it("adds the ticket to a query that the service has", async () => {
    const received = await logIn(emulator(), { service: "https://a.example/?b=1" });
    assert.match(received.headers.location ?? "", /^https:\/\/a\.example\/\?b=1&ticket=ST-/);
  });

  it("takes the form's own action, with the session in the path", async () => {
    const form = await getLogin(emulator());
    const action = /action="([^"]+)"/.exec(form.text)?.[1] ?? "";
    const fields = {
      ...hiddenInputs(form),
      username: emulator().username,
      password: emulator().password,
    };
    const received = await postForm(emulator().url + action, fields);
    assert.match(keptCookies(received), /^CASTGC=TGT-/);
  });

  it("shows the form again, with 200, for bad credentials", async () => {
    const received = await logIn(emulator(), { fields: { password: "wrong" } });
    assert.equal(received.status, 200);
    assert.match(received.text, /The credentials you provided cannot be determined to be authentic/);
    assert.ok(hasForm(received));
    assert.deepEqual(setCookies(received), []);
  });

  for (const name of ["lt", "execution", "_eventId", "username", "password"]) {
    it(`opens no session when ${name} is missing`, async () => {
      const received = await logIn(emulator(), { fields: { [name]: undefined } });
      assert.equal(received.status, 200);
      assert.ok(hasForm(received));
      assert.equal(emulator().sessions().cas.opened, 0);
    });
  }

  it("takes an lt for one try only, right or wrong", async () => {
    const form = await getLogin(emulator());
    assert.ok(hasForm(await answerForm(emulator(), form, { fields: { password: "wrong" } })));
    const again = await answerForm(emulator(), form);
    assert.ok(hasForm(again));
    assert.ok(!again.text.includes(emulator().password));
    assert.equal(emulator().sessions().cas.opened, 0);
  });

  it("takes an lt only in the session it was given to, and not for ever", async () => {
    const form = await getLogin(emulator());
    assert.ok(hasForm(await answerForm(emulator(), form, { cookie: "casSessionId=OTHER" })));
    const late = await getLogin(emulator());
    emulator.now += 5 * minute;
    assert.ok(hasForm(await answerForm(emulator(), late)));
    assert.equal(emulator().sessions().cas.opened, 0);
  });

  it("does not read a form from a body that is not urlencoded", async () => {
    const form = await getLogin(emulator());
    const fields = {
      ...hiddenInputs(form),
      username: emulator().username,
      password: emulator().password,
    };
    const headers = { cookie: keptCookies(form), "content-type": "application/json" };
    assert.ok(hasForm(await postForm(loginUrl(emulator(), {}), fields, { headers })));
  });

  it("locks the user for 5 minutes after 5 wrong passwords", async () => {
    for (let failure = 0; failure < 5; failure += 1) {
      await logIn(emulator(), { fields: { password: "wrong" } });
    }
    const locked = await logIn(emulator());
    assert.equal(locked.status, 200);
    assert.match(locked.text, /locked/);
    assert.equal(emulator().sessions().cas.opened, 0);
    emulator.now += 5 * minute;
    assert.match(await openCas(emulator()), /^CASTGC=TGT-/);
  });

  it("escapes what it repeats", async () => {
    const received = await getLogin(emulator(), { service: 'https://a.example/"><script>' });
    assert.ok(!received.text.includes("<script>"));
  });
});
