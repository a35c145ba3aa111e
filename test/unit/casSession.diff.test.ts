import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { UNKNOWN } from "../../provider/engine";
import type { CasInputs } from "../../provider/lifecycle/casSession";
import { useEmulator } from "../support/emulator";
import { casInputs, casLifecycle } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";
import { rejection } from "../support/rejection";

describe("CasSession diff and read", () => {
  const emulator = useEmulator({ casFlavor: "apereo" });
  const opened = async (more = {}) => {
    const { outs } = await casLifecycle().create(casInputs(emulator(), more));
    return { outs };
  };

  it("change nothing while the session is alive, or the server can't tell", async () => {
    const { outs } = await opened();
    assert.deepEqual(await casLifecycle().diff("", outs, casInputs(emulator())), { changes: false });
    emulator().fault({ on: "cas.probe", times: 2, do: { status: 500 } });
    assert.deepEqual(await casLifecycle().diff("", outs, casInputs(emulator())), { changes: false });
    assert.deepEqual(await casLifecycle().read("id", outs), { id: "id", props: outs });
  });

  it("replace and drop a dead session", async () => {
    const { outs } = await opened();
    emulator().expireSessions();
    const replaced = { changes: true, replaces: ["ticketGrantingCookie"] };
    assert.deepEqual(await casLifecycle().diff("", outs, casInputs(emulator())), replaced);
    assert.deepEqual(await casLifecycle().read("id", outs), {});
  });

  it("know a live session by its difference from a made-up one where the service is unregistered", async () => {
    const { outs } = await opened({ service: undefined });
    assert.deepEqual(await casLifecycle().read("id", outs), { id: "id", props: outs });
  });

  it("replace when a trigger changes, and not when only reopenWhenExpired does", async () => {
    const { outs } = await opened({ triggers: ["a"] });
    const changed = casInputs(emulator(), { triggers: ["b"] });
    assert.deepEqual(await casLifecycle().diff("", outs, changed), { changes: true, replaces: ["triggers"] });
    emulator().expireSessions();
    const left = casInputs(emulator(), { triggers: ["a"], reopenWhenExpired: false });
    assert.deepEqual(await casLifecycle().diff("", outs, left), { changes: false });
  });

  it("update in place when the program adopts the session, unless its server changes", async () => {
    const { outs } = await opened();
    const { ticketGrantingCookie } = outs;
    const adopting = casInputs(emulator(), {
      username: undefined,
      password: undefined,
      ticketGrantingCookie,
    });
    assert.deepEqual(await casLifecycle().diff("", outs, adopting), { changes: true });
    const { outs: updated } = await casLifecycle().update("", outs, adopting);
    const { passwordDigest: _, username: __, ...session } = outs;
    assert.deepEqual(updated, { ...session, adopted: true });
    const moved = { ...adopting, casUrl: "https://other/cas" };
    const replaced = { changes: true, replaces: ["casUrl", "username", "password", "ticketGrantingCookie"] };
    assert.deepEqual(await casLifecycle().diff("", outs, moved), replaced);
  });

  it("update an adopted session only when the server knows it by the new user agent as well", async () => {
    const { outs: own } = await casLifecycle().create(casInputs(emulator(), { userAgent: "Browser/1" }));
    const { ticketGrantingCookie } = own ?? {};
    const adopting = { username: undefined, password: undefined, ticketGrantingCookie };
    const { outs } = await casLifecycle().create(
      casInputs(emulator(), { ...adopting, userAgent: "Browser/1" }),
    );
    const news = casInputs(emulator(), { ...adopting, userAgent: "Browser/2" });
    const { message } = await rejection(casLifecycle().update("", outs, news));
    assert.match(message, /^Could not adopt the session .* with the `userAgent` of that login/);
    emulator().fault({ on: "cas.probe", times: 10_000, do: { status: 500 } });
    const { message: unknown } = await rejection(casLifecycle().update("", outs, news));
    assert.match(unknown, /nothing shows whether the server knows it by the new `userAgent`/);
    emulator().clearFaults();
    await casLifecycle().delete("", outs);
    assert.equal(emulator().sessions().cas.open.length, 0);
  });

  const args = ["casUrl", "service", "userAgent", "username", "password"];
  for (const arg of args) {
    it(`replaces when ${arg} changes`, async () => {
      const { outs } = await opened();
      const news = casInputs(emulator(), { [arg]: "another" });
      assert.deepEqual(await casLifecycle().diff("", outs, news), { changes: true, replaces: [arg] });
    });
  }
});

describe("An adopted CasSession whose cookie the server changes at each request", () => {
  const emulator = useEmulator({ casCookieRotates: true });
  const adopting = (ticketGrantingCookie: string | undefined, more: Partial<CasInputs> = {}) =>
    casInputs(emulator(), { username: undefined, password: undefined, ticketGrantingCookie, ...more });
  const adopt = async () => {
    const { outs: opened } = await casLifecycle().create(casInputs(emulator()));
    const inputs = adopting(opened?.ticketGrantingCookie);
    const { id, outs } = await casLifecycle().create(inputs);
    assert.ok(outs);
    assert.notEqual(outs.ticketGrantingCookie, inputs.ticketGrantingCookie);
    return { id, outs, inputs };
  };

  it("is not replaced while the program passes the same one", async () => {
    const { id, outs, inputs } = await adopt();
    assert.deepEqual(await casLifecycle().diff(id, outs, inputs), { changes: false });
    const { outs: updated } = await casLifecycle().update(id, outs, { ...inputs, triggers: ["new"] });
    assert.ok(updated);
    assert.deepEqual(await casLifecycle().diff(id, updated, { ...inputs, triggers: ["new"] }), {
      changes: false,
    });
  });

  it("is replaced when the program passes another one", async () => {
    const { id, outs } = await adopt();
    assert.deepEqual(await casLifecycle().diff(id, outs, adopting("TGC=another")), {
      changes: true,
      replaces: ["ticketGrantingCookie"],
    });
  });
});

describe("A CasSession whose server has a new certificate", () => {
  const emulator = useEmulator({ tls: true });
  const inputs = (more: Partial<CasInputs> = {}) =>
    casInputs(emulator(), { caCertificate: emulator().caCertificate, ...more });
  const digits = () => {
    const { fingerprint256 } = new X509Certificate(emulator().caCertificate ?? "");
    return fingerprint256;
  };
  /** A session as it was opened by the old certificate. */
  const opened = async () => {
    const { outs } = await casLifecycle().create(inputs());
    return { ...outs, caCertificate: undefined, certificateFingerprint: "ab".repeat(32) };
  };

  it("is updated in place by a new authority or fingerprint", async () => {
    const state = await opened();
    for (const news of [inputs(), inputs({ caCertificate: undefined, certificateFingerprint: digits() })]) {
      assert.deepEqual(await casLifecycle().diff("", state, news), { changes: true });
    }
  });

  it("is logged out by what the program passed last", async () => {
    const state = await opened();
    assert.match((await rejection(casLifecycle().delete("", state))).message, /fingerprint/);
    const { outs } = await casLifecycle().update("", state, inputs());
    await casLifecycle().delete("", outs);
    assert.equal(emulator().sessions().cas.open.length, 0);
  });

  it("is known as dead by what the program passed last, so it is opened again", async () => {
    const state = await opened();
    emulator().expireSessions();
    const replaced = { changes: true, replaces: ["ticketGrantingCookie"] };
    assert.deepEqual(await casLifecycle().diff("", state, inputs()), replaced);
  });

  it("is logged out by what the program passed last also where it is replaced", async () => {
    const state = await opened();
    const lifecycle = casLifecycle();
    const replaced = { changes: true, replaces: ["triggers"] };
    assert.deepEqual(await lifecycle.diff("id", state, inputs({ triggers: ["new"] })), replaced);
    await lifecycle.delete("id", state);
    assert.equal(emulator().sessions().cas.open.length, 0);
  });

  it("is not asked about by a value that is not known yet", async () => {
    const state = await opened();
    const sent = emulator().requests().length;
    const notices = await noticesOf(async () => {
      const diff = await casLifecycle().diff("", state, inputs({ caCertificate: UNKNOWN }));
      assert.deepEqual(diff, { changes: true });
    });
    assert.deepEqual([notices, emulator().requests().length], [[], sent]);
  });

  it("is not changed by another spelling of the same fingerprint", async () => {
    const checked = async (certificateFingerprint: string) => {
      const { inputs: news } = await casLifecycle().check({}, inputs({ certificateFingerprint }));
      return news;
    };
    const { outs } = await casLifecycle().create(await checked(digits()));
    const plain = digits().replaceAll(":", "").toLowerCase();
    for (const spelling of [plain, plain.toUpperCase(), `SHA256 Fingerprint=${digits()}`]) {
      assert.deepEqual(await casLifecycle().diff("", outs, await checked(spelling)), { changes: false });
    }
  });
});
