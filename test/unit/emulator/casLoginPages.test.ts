import assert from "node:assert/strict";
import { parse } from "node-html-parser";
import type { CasFlavor, CasLoginPage, EmulatorOptions } from "../../../emulator";
import { hasForm, hiddenInputs, type Received } from "../../support/client";
import { useClockedEmulator } from "../../support/emulator";
import { answerForm, getLogin, keptCookies, logIn, loginUrl, openCas, postForm, service } from "./casClient";

function titleOf(received: Received): string {
  return parse(received.text).querySelector("title")?.text ?? "";
}

function hasAnyForm(received: Received): boolean {
  return parse(received.text).querySelector("form") !== null;
}

describe("emulator: what CAS shows beside the password", () => {
  const emulator = useClockedEmulator();
  const start = (casLoginPage: CasLoginPage, more: EmulatorOptions = {}) =>
    emulator.start({ casLoginPage, ...more });

  /** Logs in as far as a page, and sends that page's form. */
  async function answerPage(fields: Record<string, string> = {}, target?: string): Promise<Received> {
    const form = await getLogin(emulator(), { service: target });
    const shown = await answerForm(emulator(), form, { service: target });
    const headers = { cookie: keptCookies(form), "user-agent": "test/1" };
    const url = loginUrl(emulator(), { service: target });
    return postForm(url, { ...hiddenInputs(shown), ...fields }, { headers });
  }

  for (const casFlavor of ["mrs", "apereo"] as const) {
    for (const [casLoginPage, event, title] of [
      ["password-expires", "proceed", "Authentication Succeeded with Warnings"],
      ["usage-policy", "submit", "Acceptable Usage Policy"],
    ] as const) {
      describe(`${casLoginPage} (${casFlavor})`, () => {
        beforeEach(() => start(casLoginPage, { casFlavor }));

        it(`is a page with the event ${event} between the password and the cookie`, async () => {
          const shown = await logIn(emulator(), { service });
          assert.deepEqual([shown.status, titleOf(shown), hasForm(shown)], [200, title, false]);
          assert.equal(hiddenInputs(shown)._eventId, event);
          assert.equal(keptCookies(shown), "");
        });

        it("has a ticket created already, whose cookie and service ticket come with the answer", async () => {
          const received = await answerPage({}, service);
          assert.deepEqual([received.status, emulator().sessions().cas.opened], [302, 1]);
          const cookie = keptCookies(received);
          assert.equal(cookie.split("=")[1], emulator().sessions().cas.open[0]);
          assert.equal((await getLogin(emulator(), { cookie, service })).status, 302);
        });

        it("opens nothing for another event, or for the wrong password", async () => {
          assert.equal(keptCookies(await answerPage({ _eventId: "cancel" })), "");
          const wrong = await logIn(emulator(), { fields: { password: "wrong" } });
          assert.deepEqual([hasForm(wrong), emulator().sessions().cas.opened], [true, 1]);
        });
      });
    }
  }

  describe("consent", () => {
    beforeEach(() => start("consent", { casFlavor: "apereo" }));

    it("is a page with the event confirm, which comes with the cookie", async () => {
      const shown = await logIn(emulator(), { service });
      assert.deepEqual([shown.status, titleOf(shown), hasForm(shown)], [200, "Attribute Consent", false]);
      assert.equal(hiddenInputs(shown)._eventId, "confirm");
      assert.match(keptCookies(shown), /^TGC=./);
    });

    it("is shown to an open session as well, whose answer brings the service ticket", async () => {
      const cookie = keptCookies(await logIn(emulator(), { service }));
      const shown = await getLogin(emulator(), { cookie, service });
      assert.deepEqual([shown.status, titleOf(shown)], [200, "Attribute Consent"]);
      const url = loginUrl(emulator(), { service });
      const headers = { cookie, "user-agent": "test/1" };
      const received = await postForm(url, hiddenInputs(shown), { headers });
      assert.equal(received.status, 302);
      assert.match(received.headers.location ?? "", /ticket=ST-/);
    });

    it("is not shown without a service", async () => {
      const shown = await logIn(emulator());
      assert.deepEqual([shown.status, hasAnyForm(shown)], [200, false]);
      assert.match(keptCookies(shown), /^TGC=./);
    });
  });

  it("second-factor asks for a code in a password field, without a username, and takes none", async () => {
    await start("second-factor", { casFlavor: "apereo" });
    const shown = await logIn(emulator());
    const inputs = parse(shown.text).querySelectorAll("input:not([type=hidden])");
    assert.deepEqual(
      inputs.map((input) => [input.getAttribute("name"), input.getAttribute("type")]),
      [["token", "password"]],
    );
    assert.ok(hiddenInputs(shown).execution);
    const again = await answerPage({ token: "123456" });
    assert.deepEqual([again.status, titleOf(again), keptCookies(again)], [200, titleOf(shown), ""]);
    assert.equal(emulator().sessions().cas.opened, 0);
  });

  it("second-factor-down is a page with 200 and without a form", async () => {
    await start("second-factor-down", { casFlavor: "apereo" });
    const shown = await logIn(emulator(), { service });
    assert.deepEqual(
      [shown.status, titleOf(shown), hasAnyForm(shown)],
      [200, "MFA Provider Unavailable", false],
    );
    assert.equal(emulator().sessions().cas.opened, 0);
  });

  it("change-password sends the user to modify_password.html", async () => {
    await start("change-password");
    const received = await logIn(emulator());
    assert.equal(received.status, 200);
    assert.match(received.text, /modify_password\.html/);
    assert.equal(keptCookies(received), "");
  });

  it("captcha is a visible, required field of the form, and nobody can fill it in", async () => {
    await start("captcha");
    const form = await getLogin(emulator());
    const input = parse(form.text).querySelector("input[name=captcha]");
    assert.deepEqual([input?.getAttribute("type"), input?.hasAttribute("required")], ["text", true]);
    const received = await answerForm(emulator(), form, { fields: { captcha: "x7k2" } });
    assert.deepEqual([received.status, hasForm(received), keptCookies(received)], [200, true, ""]);
  });

  it("captcha counts a login without it as a failure, and five lock the user", async () => {
    await start("captcha");
    for (let failure = 0; failure < 5; failure += 1) await logIn(emulator());
    assert.match((await logIn(emulator())).text, /locked/);
  });

  for (const [casLoginPage, status] of [
    ["throttled", 423],
    ["throttled-403", 403],
  ] as const) {
    it(`${casLoginPage} answers ${status} to the POST, whatever the password, and shows the form`, async () => {
      await start(casLoginPage, { casFlavor: "apereo" });
      for (const password of [emulator().password, "wrong"]) {
        const received = await logIn(emulator(), { fields: { password } });
        assert.deepEqual(
          [received.status, hasAnyForm(received), received.headers["retry-after"]],
          [status, false, undefined],
        );
      }
      assert.ok(hasForm(await getLogin(emulator())));
      assert.equal(emulator().sessions().cas.opened, 0);
    });
  }

  it("throttled tells how long to wait where so set", async () => {
    await start("throttled", { casRetryAfter: 30 });
    assert.equal((await logIn(emulator())).headers["retry-after"], "30");
  });

  for (const [casLoginPage, words] of [
    ["account-locked", /user is locked/],
    ["address-locked", /IP address is locked/],
  ] as const) {
    for (const [casFlavor, status, form] of [
      ["mrs", 200, true],
      ["apereo", 401, false],
    ] as const satisfies [CasFlavor, number, boolean][]) {
      it(`${casLoginPage} refuses the right password: ${status}, form: ${form} (${casFlavor})`, async () => {
        await start(casLoginPage, { casFlavor });
        const received = await logIn(emulator());
        assert.deepEqual([received.status, hasForm(received), keptCookies(received)], [status, form, ""]);
        assert.match(received.text, words);
      });
    }
  }

  it("none is a login by password alone", async () => {
    await start("none");
    assert.match(await openCas(emulator()), /^CASTGC=/);
  });
});
