import assert from "node:assert/strict";
import type { CasService, EmulatorOptions } from "../../emulator";
import { calls, requestsOn, useEmulator } from "../support/emulator";
import { pass, serveFront } from "../support/front";
import { casInputs, casLifecycle, SERVICE } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";
import { rejection } from "../support/rejection";
import { closeServers } from "../support/server";

describe("A CAS that does not open a session for a user and a password", () => {
  const emulator = useEmulator({ casFlavor: "apereo" });
  const opened = () => emulator().sessions().cas.opened;
  afterEach(closeServers);

  async function failure(options: EmulatorOptions, more = {}): Promise<string> {
    await emulator.start({ casFlavor: "apereo", ...options });
    const { message } = await rejection(casLifecycle().create(casInputs(emulator(), more)));
    assert.ok(!message.includes(emulator().password) && !message.includes("<"), message);
    return message;
  }

  /** Opens and ends a session. */
  async function live(): Promise<void> {
    const { id, outs } = await casLifecycle().create(casInputs(emulator()));
    assert.equal(outs.probeIsReliable, true);
    await casLifecycle().delete(id, outs);
    assert.deepEqual(emulator().sessions().cas, { open: [], opened: 1, closed: 1, expired: 0 });
  }

  /** In place of a session. */
  const step = (title: string) =>
    new RegExp(
      `POST /cas/login answered 200 with a page titled "${title}" in place of(?!.*\`password\`).* use a user and a \`service\` without that step\\.$`,
    );
  const told: [string, EmulatorOptions, RegExp, object?][] = [
    ["shows terms of use", { casLoginPage: "usage-policy" }, step("Acceptable Usage Policy")],
    ["asks for a second factor", { casLoginPage: "second-factor" }, step("Multifactor Authentication")],
    [
      "has a second factor that is down",
      { casLoginPage: "second-factor-down" },
      step("MFA Provider Unavailable"),
    ],
    [
      "rejects the right password",
      { casLoginPage: "account-locked", casFlavor: "mrs" },
      /login form again: "The user is locked".*a locked account is rejected in the same way\.$/,
    ],
    [
      "has locked the account",
      { casLoginPage: "account-locked" },
      /answered 401 with a page titled ".*[Ll]ock/,
    ],
    [
      "has locked the address",
      { casLoginPage: "address-locked" },
      /answered 401 with a page titled ".*[Ll]ock/,
    ],
    [
      "gives the user no right to the service",
      { casService: "denied" },
      /answered 401 with a page titled "Service access denied due to missing privileges"/,
    ],
    [
      "does not know the service",
      { casService: "unregistered" },
      /titled "Application Not Authorized to Use CAS" for this `service`, and shows the login form/,
    ],
    [
      "wants a service and gets none",
      { casService: "required" },
      /other than a CAS login form: a page titled "Application Not Authorized to Use CAS"/,
      { service: undefined },
    ],
  ];
  for (const [what, options, words, more] of told) {
    it(`is told in its own words where it ${what}`, async () => {
      assert.match(await failure(options, more), words);
    });
  }

  it("is answered where its page only has to be seen, such as before a password expires, and the user is told", async () => {
    await emulator.start({ casLoginPage: "password-expires", casFlavor: "apereo" });
    const notices = await noticesOf(() => live());
    assert.match(
      notices.join("\n"),
      /showed a page titled "Authentication Succeeded with Warnings"\. It was confirmed\./,
    );
  });

  it("has opened a session where it asks for consent, which comes with the cookie", async () => {
    await emulator.start({ casLoginPage: "consent", casFlavor: "apereo" });
    await live();
  });

  it("is not sent the password again where such a page is answered by a refusal, because a session may be open", async () => {
    await emulator.start({ casLoginPage: "password-expires", casFlavor: "apereo" });
    for (const status of [429, 408]) {
      const front = await serveFront(emulator().url, (exchange) =>
        exchange.index === 2 ? exchange.response.writeHead(status).end() : pass(exchange),
      );
      const inputs = casInputs(emulator(), { casUrl: `${front.url}/cas` });
      let message = "";
      await noticesOf(async () => {
        ({ message } = await rejection(casLifecycle().create(inputs)));
      });
      assert.match(message, new RegExp(`answered ${status}.* may have opened a session`));
      const posts = front.requests().filter((request) => request.startsWith("POST"));
      assert.equal(posts.length, 2);
    }
  });

  it("gets no password where its form also asks for a CAPTCHA, whose field is named", async () => {
    const message = await failure({ casLoginPage: "captcha" });
    assert.match(message, /login form that also asks for "captcha", so nothing was sent/);
    assert.deepEqual(calls(emulator()), ["cas.form"]);
  });

  for (const [casLoginPage, status] of [
    ["throttled", 423],
    ["throttled-403", 403],
  ] as const) {
    it(`is told to throttle where it answers ${status}, with how long to wait where it says so`, async () => {
      const message = await failure({ casLoginPage });
      assert.match(
        message,
        new RegExp(`POST /cas/login answered ${status} titled "Access Denied"\\. The CAS may be throttling`),
      );
      assert.match(message, /Wait a few minutes, then run the same command again/);
      assert.match(await failure({ casLoginPage, casRetryAfter: 30 }), /Wait 30 s, then/);
      assert.equal(requestsOn(emulator(), "cas.login").length, 1);
    });
  }

  it("asks for the password each time in a service without single sign-on: the session is ended, and the reason named", async () => {
    const casService: CasService = "no-sso";
    const message = await failure({ casService }, { service: SERVICE });
    assert.match(message, /the session is open, but the CAS shows its login form to it for this `service`/);
    assert.match(message, /single sign-on switched off \(`ssoEnabled`\)/);
    assert.deepEqual([opened(), emulator().sessions().cas.open], [1, []]);
  });

  it("does so also where the first question about the session fails", async () => {
    await emulator.start({ casService: "no-sso" });
    emulator().fault({ on: "cas.probe", do: { status: 500 } });
    const inputs = casInputs(emulator(), { service: SERVICE });
    const { message } = await rejection(casLifecycle().create(inputs));
    assert.match(message, /the session is open, but the CAS shows its login form to it for this `service`/);
    assert.deepEqual([opened(), emulator().sessions().cas.open], [1, []]);
  });

  it("is not quoted after the login where its heading can repeat the password", async () => {
    const reversed = [...emulator().password].toReversed().join("");
    emulator().fault({ on: "cas.login", do: { status: 200, body: `<h1>No user ${reversed}</h1>` } });
    const { message } = await rejection(casLifecycle().create(casInputs(emulator())));
    assert.match(message, /POST \/cas\/login answered 200 with a page in place of a session/);
  });
});
