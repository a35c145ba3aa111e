import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { UNKNOWN } from "../../provider/engine";
import type { CasInputs } from "../../provider/lifecycle/casSession";
import { useEmulator } from "../support/emulator";
import { casAdoption, casInputs, casLifecycle } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";
import { rejection } from "../support/rejection";

const NOTHING = { changes: false };
const IN_PLACE = { changes: true };
const replacedBy = (...replaces: string[]) => ({ changes: true, replaces });

// The rules for sessions of every kind are in sessions.test.ts.
describe("CasSession diff and read, as a CAS has it,", () => {
  const emulator = useEmulator({ casFlavor: "apereo" });
  const opened = async (more = {}) => (await casLifecycle().create(casInputs(emulator(), more))).outs;

  it("change nothing while the session is alive, also without a service", async () => {
    const outs = await opened({ service: undefined });
    const inputs = casInputs(emulator(), { service: undefined });
    assert.deepEqual(await casLifecycle().diff("", outs, inputs), NOTHING);
    assert.deepEqual(await casLifecycle().read("id", outs), { id: "id", props: outs });
  });

  it("update an adopted session only when the server knows it by the new user agent as well", async () => {
    const { ticketGrantingCookie } = await opened({ userAgent: "Browser/1" });
    const adopting = (userAgent: string) => casAdoption(emulator(), ticketGrantingCookie, { userAgent });
    const { outs } = await casLifecycle().create(adopting("Browser/1"));
    const update = () => casLifecycle().update("", outs, adopting("Browser/2"));
    const { message } = await rejection(update());
    assert.match(message, /^Could not adopt the session .* with the `userAgent` of that login/);
    emulator().fault({ on: "cas.probe", times: 10_000, do: { status: 500 } });
    const { message: unknown } = await rejection(update());
    assert.match(unknown, /nothing shows whether the server knows it by the new `userAgent`/);
    emulator().clearFaults();
    await casLifecycle().delete("", outs);
    assert.equal(emulator().sessions().cas.open.length, 0);
  });
});

describe("An adopted CasSession whose cookie the server changes at each request", () => {
  const emulator = useEmulator({ casCookieRotates: true });
  const adopt = async () => {
    const { outs: opened } = await casLifecycle().create(casInputs(emulator()));
    const inputs = casAdoption(emulator(), opened.ticketGrantingCookie);
    const { id, outs } = await casLifecycle().create(inputs);
    assert.notEqual(outs.ticketGrantingCookie, inputs.ticketGrantingCookie);
    return { id, outs, inputs };
  };

  it("is not replaced while the program passes the same one", async () => {
    const { id, outs, inputs } = await adopt();
    assert.deepEqual(await casLifecycle().diff(id, outs, inputs), NOTHING);
    const news = { ...inputs, triggers: ["new"] };
    const { outs: updated } = await casLifecycle().update(id, outs, news);
    assert.deepEqual(await casLifecycle().diff(id, updated, news), NOTHING);
  });

  it("is replaced when the program passes another one", async () => {
    const { id, outs } = await adopt();
    const news = casAdoption(emulator(), "TGC=another");
    assert.deepEqual(await casLifecycle().diff(id, outs, news), replacedBy("ticketGrantingCookie"));
  });
});

describe("A CasSession whose server has a new certificate", () => {
  const emulator = useEmulator({ tls: true });
  const inputs = (more: Partial<CasInputs> = {}) =>
    casInputs(emulator(), { caCertificate: emulator().caCertificate, ...more });
  const digits = () => new X509Certificate(emulator().caCertificate ?? "").fingerprint256;
  /** A session as it was opened by the old certificate. */
  const opened = async () => {
    const { outs } = await casLifecycle().create(inputs());
    return { ...outs, caCertificate: undefined, certificateFingerprint: "ab".repeat(32) };
  };
  const open = () => emulator().sessions().cas.open.length;

  it("is updated in place by a new authority or fingerprint", async () => {
    const state = await opened();
    for (const news of [inputs(), inputs({ caCertificate: undefined, certificateFingerprint: digits() })]) {
      assert.deepEqual(await casLifecycle().diff("", state, news), IN_PLACE);
    }
  });

  it("is logged out by what the program passed last", async () => {
    const state = await opened();
    assert.match((await rejection(casLifecycle().delete("", state))).message, /fingerprint/);
    await casLifecycle().delete("", (await casLifecycle().update("", state, inputs())).outs);
    assert.equal(open(), 0);
  });

  it("is known as dead by what the program passed last, so it is opened again", async () => {
    const state = await opened();
    emulator().expireSessions();
    assert.deepEqual(await casLifecycle().diff("", state, inputs()), replacedBy("ticketGrantingCookie"));
  });

  it("is logged out by what the program passed last also where it is replaced", async () => {
    const state = await opened();
    const lifecycle = casLifecycle();
    const news = inputs({ triggers: ["new"] });
    assert.deepEqual(await lifecycle.diff("id", state, news), replacedBy("triggers"));
    await lifecycle.delete("id", state);
    assert.equal(open(), 0);
  });

  it("is not asked about by a value that is not known yet", async () => {
    const state = await opened();
    const sent = emulator().requests().length;
    const notices = await noticesOf(async () => {
      const diff = await casLifecycle().diff("", state, inputs({ caCertificate: UNKNOWN }));
      assert.deepEqual(diff, IN_PLACE);
    });
    assert.deepEqual([notices, emulator().requests().length], [[], sent]);
  });

  it("is not changed by another spelling of the same fingerprint", async () => {
    const checked = async (certificateFingerprint: string) =>
      (await casLifecycle().check({}, inputs({ certificateFingerprint }))).inputs;
    const { outs } = await casLifecycle().create(await checked(digits()));
    const plain = digits().replaceAll(":", "").toLowerCase();
    for (const spelling of [plain, plain.toUpperCase(), `SHA256 Fingerprint=${digits()}`]) {
      assert.deepEqual(await casLifecycle().diff("", outs, await checked(spelling)), NOTHING);
    }
  });
});
