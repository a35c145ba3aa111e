import assert from "node:assert/strict";
import type { EmulatorOptions, FaultAction } from "../../emulator";
import type { Timeouts } from "../../provider/api/deadline";
import { calls, requestsOn, useEmulator } from "../support/emulator";
import { casInputs, casLifecycle, QUICK, quickRuntime, SERVICES } from "../support/lifecycles";
import { rejection } from "../support/rejection";

/** With time for nearly nothing but the wait for one answer. */
const HURRIED = {
  ...QUICK,
  requestTimeout: 10_000,
  idleTimeout: 10_000,
  operationTimeout: 10_000,
  leastAnswerTime: 4_950,
};

const flavors: EmulatorOptions[] = [{ casFlavor: "mrs" }, { casFlavor: "apereo" }];

for (const options of flavors) {
  describe(`CasSession create on the ${options.casFlavor} flavor`, () => {
    const emulator = useEmulator(options);
    const create = (more = {}) => casLifecycle().create(casInputs(emulator(), more));
    const open = () => emulator().sessions().cas.open;
    const asked = () => calls(emulator()).join(" ");

    for (const [how, service] of SERVICES) {
      it(`logs in ${how}`, async () => {
        const { id, outs } = await create({ service });
        assert.match(id, /^cas-[0-9a-f]{24}$/);
        assert.equal(open().length, 1);
        assert.match(outs.ticketGrantingCookie, /^(CASTGC=TGT-|TGC=eyJ)/);
        assert.equal(outs.userAgent, "tests/1");
      });
    }

    it("sends every hidden input of a fresh form, and the fixed User-Agent", async () => {
      await create();
      const [form, login] = emulator().requests();
      assert.equal(form?.path, login?.path);
      assert.match(login?.body ?? "", /execution=.+_eventId=submit|_eventId=submit.+execution=/);
      for (const { headers } of emulator().requests()) assert.equal(headers["user-agent"], "tests/1");
    });

    it("does not send a rejected password again", async () => {
      const { message } = await rejection(create({ password: "hunter2-secret" }));
      assert.match(
        message,
        /^Could not log in to the CAS at .*: the CAS rejected the login .* Check `username` and `password`\./,
      );
      assert.doesNotMatch(message, /hunter2|<|TGT-/);
      assert.equal(asked(), "cas.form cas.login");
    });

    it("sends the password only once when the answer is lost, and says that a session may be open", async () => {
      for (const fault of [{ drop: "after" as const }, { status: 502 }]) {
        emulator().fault({ on: "cas.login", do: fault });
        assert.match((await rejection(create())).message, /may have opened a session/);
      }
      assert.equal(asked(), "cas.form cas.login cas.form cas.login");
    });

    it("starts again with a fresh form where none came, and after 429", async () => {
      emulator().fault({ on: "cas.form", do: { drop: "before" } });
      emulator().fault({ on: "cas.form", do: { status: 503 } });
      emulator().fault({ on: "cas.login", do: { status: 429 } });
      await create();
      assert.equal(asked(), "cas.form cas.form cas.form cas.login cas.form cas.login cas.probe");
      assert.equal(open().length, 1);
    });

    const strange: [string, FaultAction, RegExp][] = [
      [
        "a page without a form",
        { status: 200, body: "<h1>Hello</h1>" },
        /answered 200 titled "Hello" for this `service`, and shows the login form without it/,
      ],
      ["a redirect", { status: 302, headers: { Location: "https://elsewhere.example/" } }, /answered 302/],
      [
        "an unregistered service",
        { status: 403, body: "<html>" },
        /answered 403 for this `service`, .* Check that `service` is registered/,
      ],
    ];
    for (const [what, action, reason] of strange) {
      it(`does not send the password to ${what}`, async () => {
        emulator().fault({ on: "cas.form", do: action });
        assert.match((await rejection(create())).message, reason);
        assert.equal(requestsOn(emulator(), "cas.login").length, 0);
      });
    }

    it("does not send the password when the form came too late to wait for an answer", async () => {
      emulator().fault({ on: "cas.form", do: { delayMs: 200 } });
      const { message } = await rejection(casLifecycle(HURRIED).create(casInputs(emulator())));
      assert.match(message, /was not sent, because too little time was left/);
      assert.doesNotMatch(message, /may have opened a session/);
      assert.equal(asked(), "cas.form");
    });

    it("does not send the password when the wait for its turn left too little time for an answer", async () => {
      emulator().fault({ on: "cas.login", do: { delayMs: 200 } });
      const { connections } = quickRuntime();
      const createIn = (timeouts: Timeouts) =>
        casLifecycle(timeouts, quickRuntime({ timeouts, connections })).create(casInputs(emulator()));
      const ahead = createIn({ ...HURRIED, leastAnswerTime: QUICK.leastAnswerTime });
      const { message } = await rejection(createIn(HURRIED));
      await ahead;
      assert.match(message, /was not sent, because too little time was left/);
      assert.equal(requestsOn(emulator(), "cas.login").length, 1);
    });

    describe("of a session that looks dead", () => {
      beforeEach(() => {
        const headers = { "Set-Cookie": "CASTGC=TGT-elsewhere; Path=/cas" };
        emulator().fault({ on: "cas.login", do: { status: 200, headers } });
      });

      it("fails, because nothing could prove its logout", async () => {
        const { message, id } = await rejection(create());
        assert.match(
          message,
          /^Could not use the session of the CAS at .*, but the server does not recognize the new session/,
        );
        assert.match(message, /from one address.* ends after its idle timeout \(20 minutes\)\.$/);
        assert.equal(id, undefined);
        assert.match(asked(), /cas\.logout/);
      });

      it("keeps it in state when its logout fails", async () => {
        emulator().fault({ on: "cas.logout", do: { status: 403 } });
        const error = await rejection(create({ __provider: "text" }));
        assert.match(String(error.id), /^cas-/);
        const { ticketGrantingCookie, unfinished, __provider } = Object(error.properties);
        const kept = [ticketGrantingCookie, unfinished, __provider];
        assert.deepEqual(kept, ["CASTGC=TGT-elsewhere", true, "text"]);
      });
    });
  });
}

describe("CasSession create for a user who must change the password", () => {
  const emulator = useEmulator({ casLoginPage: "change-password" });

  it("says so", async () => {
    const { message } = await rejection(casLifecycle().create(casInputs(emulator())));
    assert.match(message, /requires a password change\. Log in to MRS Manager with a browser/);
  });
});
