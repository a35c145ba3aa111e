import assert from "node:assert/strict";
import { useEmulator } from "../support/emulator";
import { webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { noticesOf } from "../support/outputs";

describe("WebCliSession diff", () => {
  const emulator = useEmulator();
  const lifecycle = () => webCliLifecycle(emulator());

  async function opened(more = {}) {
    const inputs = webCliInputs(emulator(), more);
    const { outs } = await lifecycle().create(inputs);
    assert.ok(outs);
    const diff = (change = {}) => lifecycle().diff("", outs, { ...inputs, ...change });
    return { outs, diff };
  }

  for (const arg of ["endpoint", "projectId", "instanceId", "password"] as const) {
    it(`replaces when ${arg} changes`, async () => {
      const { diff } = await opened();
      assert.deepEqual(await diff({ [arg]: "another" }), { changes: true, replaces: [arg] });
    });
  }

  it("replaces when a trigger changes, and does not ask the service", async () => {
    const { diff } = await opened({ triggers: ["a"] });
    assert.deepEqual(await diff({ triggers: ["b"] }), { changes: true, replaces: ["triggers"] });
    assert.equal(emulator().requests().length, 1);
  });

  it("changes nothing while the session is alive", async () => {
    const { diff } = await opened({ triggers: ["a"] });
    assert.deepEqual(await diff({ triggers: ["a"] }), { changes: false });
  });

  it("changes nothing when only reopenWhenExpired changes", async () => {
    const { diff } = await opened();
    assert.deepEqual(await diff({ reopenWhenExpired: false }), { changes: false });
  });

  it("replaces a dead session", async () => {
    const { diff } = await opened();
    emulator().expireSessions();
    const [notice] = await noticesOf(async () =>
      assert.deepEqual(await diff(), { changes: true, replaces: ["clientId"] }),
    );
    assert.match(notice ?? "", /has expired or was ended\. It will be opened again\.$/);
  });

  it("leaves a session alone where reopenWhenExpired is false, without asking", async () => {
    const { diff } = await opened();
    emulator().expireSessions();
    assert.deepEqual(await diff({ reopenWhenExpired: false }), { changes: false });
    assert.equal(emulator().requests().length, 1);
  });

  it("replaces a session whose instance no longer exists", async () => {
    const { diff } = await opened();
    emulator().removeInstance();
    assert.deepEqual(await diff(), { changes: true, replaces: ["clientId"] });
  });

  for (const fault of [{ status: 500 }, { status: 403 }, { drop: "before" as const }, { delayMs: 5_000 }]) {
    it(`changes nothing when the service can't tell (${JSON.stringify(fault)}), and says so`, async () => {
      const { diff } = await opened();
      emulator().fault({ on: "webcli.command", times: 10, do: fault });
      const notices = await noticesOf(async () => assert.deepEqual(await diff(), { changes: false }));
      assert.equal(notices.length, 1);
      assert.match(
        notices[0] ?? "",
        /^Could not tell whether the session of the Web CLI of DCS instance .* is alive, so it is kept: POST .*\.$/,
      );
    });
  }

  it("changes nothing when Redis answers the PING with an error: the session took it there", async () => {
    const { diff } = await opened();
    emulator().fault({ on: "webcli.command", do: { status: 200, body: { response: "NOAUTH required." } } });
    assert.deepEqual(await diff(), { changes: false });
  });

  it("tells an unchanged password from another by what release 0.1.0 kept of it", async () => {
    const inputs = webCliInputs(emulator());
    const { outs } = await lifecycle().create(inputs);
    assert.ok(outs);
    const { passwordDigest: passwordSeal, ...rest } = outs;
    const olds = { ...rest, passwordSeal };
    assert.deepEqual(await lifecycle().diff("", olds, inputs), { changes: false });
    const diff = await lifecycle().diff("", olds, { ...inputs, password: "another" });
    assert.deepEqual(diff, { changes: true, replaces: ["password"] });
  });

  it("replaces a session that a failed create left behind", async () => {
    const { outs, diff } = await opened();
    Object.assign(outs, { unfinished: true });
    assert.deepEqual(await diff(), { changes: true, replaces: ["clientId"] });
  });

  it("replaces a session of its own when the program adopts another", async () => {
    const { diff } = await opened();
    assert.deepEqual(await diff({ clientId: "another" }), { changes: true, replaces: ["clientId"] });
  });

  it("updates in place when the program adopts the very session that it opened", async () => {
    const { outs, diff } = await opened();
    assert.deepEqual(await diff({ clientId: outs.clientId }), { changes: true });
  });
});

describe("WebCliSession diff of an adopted session that moves", () => {
  const emulator = useEmulator();

  for (const place of ["endpoint", "projectId", "instanceId"] as const) {
    it(`replaces it when ${place} changes, even with the same client ID`, async () => {
      const lifecycle = webCliLifecycle(emulator());
      const { outs } = await lifecycle.create(webCliInputs(emulator()));
      assert.ok(outs);
      const news = webCliInputs(emulator(), { clientId: outs.clientId, [place]: "another" });
      const replaced = { changes: true, replaces: [place, "clientId"] };
      assert.deepEqual(await lifecycle.diff("", outs, news), replaced);
    });
  }
});

describe("WebCliSession diff of an adopted session", () => {
  const emulator = useEmulator();
  const lifecycle = () => webCliLifecycle(emulator());

  async function adopted() {
    const { outs: first } = await lifecycle().create(webCliInputs(emulator()));
    const inputs = webCliInputs(emulator(), { clientId: first?.clientId, password: undefined });
    const { outs } = await lifecycle().create(inputs);
    assert.ok(outs);
    return { inputs, outs };
  }

  it("changes nothing, dead or not, because it can't be reopened", async () => {
    const { inputs, outs } = await adopted();
    assert.deepEqual(await lifecycle().diff("", outs, inputs), { changes: false });
    emulator().expireSessions();
    assert.deepEqual(await lifecycle().diff("", outs, inputs), { changes: false });
  });

  it("updates in place when a trigger changes: a replacement would log out what it had just adopted", async () => {
    const { inputs, outs } = await adopted();
    const news = { ...inputs, triggers: ["new"] };
    assert.deepEqual(await lifecycle().diff("", outs, news), { changes: true });
    const updated = await lifecycle().update("", outs, news);
    assert.deepEqual(updated.outs, { ...outs, triggers: ["new"] });
    assert.equal(emulator().sessions().webCli.open.length, 1);
  });

  it("replaces when the program logs in again instead", async () => {
    const { inputs, outs } = await adopted();
    const news = { ...inputs, clientId: undefined };
    assert.deepEqual(await lifecycle().diff("", outs, news), { changes: true, replaces: ["clientId"] });
  });
});

describe("WebCliSession read", () => {
  const emulator = useEmulator();

  it("keeps a session that is alive, and one that can't be asked about", async () => {
    const lifecycle = webCliLifecycle(emulator());
    const { outs } = await lifecycle.create(webCliInputs(emulator()));
    assert.deepEqual(await lifecycle.read("id", outs), { id: "id", props: outs });
    emulator().fault({ on: "webcli.command", do: { status: 502 } });
    assert.deepEqual(await lifecycle.read("id", outs), { id: "id", props: outs });
  });

  it("drops a session that is dead", async () => {
    const lifecycle = webCliLifecycle(emulator());
    const { outs } = await lifecycle.create(webCliInputs(emulator()));
    emulator().expireSessions();
    assert.deepEqual(await lifecycle.read("id", outs), {});
  });
});
