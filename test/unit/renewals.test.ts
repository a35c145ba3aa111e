import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { Deadline } from "../../provider/api/deadline";
import { engineLives } from "../../provider/lifecycle/engineProcess";
import { Renewals } from "../../provider/lifecycle/renewals";
import { calls, requestsOn, useEmulator } from "../support/emulator";
import { until } from "../support/kill";
import {
  casInputs,
  casLifecycle,
  commandInputs,
  commandLifecycle,
  QUICK,
  quickRuntime,
  webCliInputs,
  webCliLifecycle,
} from "../support/lifecycles";
import { noticesOf } from "../support/outputs";
import { closeServers, listen } from "../support/server";

/** Milliseconds between two renewals. */
const INTERVAL = 10;
const IDLE_SECONDS = 300;

/** The calls that renew a session. */
type Renewed = "webcli.command" | "cas.probe";

describe("A renewed session", () => {
  let time: number;
  const emulator = useEmulator({ idleSeconds: IDLE_SECONDS, clock: () => time });
  let renewals: Renewals;
  beforeEach(() => {
    time = Date.now();
    renewals = new Renewals(INTERVAL);
  });
  afterEach(() => renewals.cancel());

  const webCli = (timeouts = QUICK) =>
    webCliLifecycle(emulator(), timeouts, quickRuntime({ timeouts, renewals }));
  const cas = () => casLifecycle(QUICK, quickRuntime({ renewals }));
  const openWebCli = async (lifecycle = webCli()) => {
    return { ...(await lifecycle.create(webCliInputs(emulator()))), lifecycle };
  };
  const answered = (on: Renewed) =>
    requestsOn(emulator(), on).filter(({ status }) => status !== undefined).length;
  /** Waits for a renewal that begins from now on. */
  const renewal = async (on: Renewed = "webcli.command") => {
    const before = answered(on);
    await until(() => answered(on) >= before + 2);
  };
  const requestsOf = ({ clientId }: { clientId: string }) =>
    emulator()
      .requests()
      .filter(({ body }) => body.includes(clientId));
  /** Two thirds of the idle timeout. */
  const idle = () => {
    time += (IDLE_SECONDS * 1_000 * 2) / 3;
  };
  /** Time for many renewals, counted by another session. */
  const manyRenewals = async () => {
    const { id } = await openWebCli();
    for (let i = 0; i < 3; i++) await renewal();
    renewals.stop(id);
  };

  /** How many PINGs come while a CAS session is renewed three times. */
  const pings = async () => {
    const before = requestsOn(emulator(), "webcli.command").length;
    await cas().create(casInputs(emulator()));
    for (let i = 0; i < 3; i++) await renewal("cas.probe");
    return requestsOn(emulator(), "webcli.command").length - before;
  };

  const lasting: [string, Renewed, () => Promise<unknown>][] = [
    ["the Web CLI", "webcli.command", () => openWebCli()],
    ["a CAS with a service", "cas.probe", () => cas().create(casInputs(emulator()))],
  ];
  for (const [where, on, open] of lasting) {
    it(`of ${where} outlives its idle timeout`, async () => {
      await open();
      for (let i = 0; i < 3; i++) {
        idle();
        await renewal(on);
      }
      const { webCli: one, cas: other } = emulator().sessions();
      assert.equal(one.open.length + other.open.length, 1);
    });
  }

  it("of a CAS without a service can't be renewed, and a notice says so once", async () => {
    const notices = await noticesOf(async () => {
      await cas().create(casInputs(emulator(), { service: undefined }));
      const before = answered("cas.probe");
      await manyRenewals();
      assert.equal(answered("cas.probe"), before);
    });
    assert.equal(notices.length, 1);
    assert.match(
      notices[0] ?? "",
      /^The session of the CAS at \S+ can't be kept alive during a long update: without `service`/,
    );
  });

  it("may have been adopted, or found alive by diff", async () => {
    const { outs } = await openWebCli(webCliLifecycle(emulator()));
    const { clientId } = outs;
    await webCli().create(webCliInputs(emulator(), { clientId, password: undefined }));
    idle();
    await renewal();
    renewals.cancel();

    renewals = new Renewals(INTERVAL);
    await webCli().diff("id", outs, webCliInputs(emulator()));
    idle();
    await renewal();
    assert.equal(emulator().sessions().webCli.open.length, 1);
  });

  it("is renewed until its logout where diff replaces it, or ends before it asks", async () => {
    const { outs } = await openWebCli(webCliLifecycle(emulator()));
    const replaced = await webCli().diff("id", outs, webCliInputs(emulator(), { triggers: ["new"] }));
    assert.equal(replaced.replaces?.length, 1);
    idle();
    await renewal();
    idle();
    await renewal();
    assert.equal(emulator().sessions().webCli.open.length, 1);
  });

  it("is not renewed in a preview, or because of a read", async () => {
    const { id, outs } = await openWebCli(webCliLifecycle(emulator()));
    await webCli().read(id, outs);
    const lifecycle = webCli();
    const { inputs } = await lifecycle.check({}, { ...webCliInputs(emulator()), __preview: true });
    await lifecycle.diff(id, outs, inputs);
    assert.equal(await pings(), 0);
  });

  it("gets no request after its logout", async () => {
    const { id, outs, lifecycle } = await openWebCli();
    await renewal();
    await lifecycle.delete(id, outs);
    const count = requestsOf(outs).length;
    await manyRenewals();
    assert.equal(requestsOf(outs).length, count);
    assert.equal(requestsOf(outs).at(-1)?.on, "webcli.logout");
  });

  it("is logged out only after a renewal that is under way, also where diff has found it alive meanwhile", async () => {
    const patient = { requestTimeout: 5_000, idleTimeout: 5_000, probeTimeout: 5_000 };
    for (const asks of [false, true]) {
      const lifecycle = webCli({ ...QUICK, ...patient, operationTimeout: 60_000 });
      const { id, outs } = await openWebCli(lifecycle);
      emulator().fault({ on: "webcli.command", do: { delayMs: 200 } });
      await until(() => requestsOf(outs).length > 0);
      if (asks) await lifecycle.diff(id, outs, webCliInputs(emulator()));
      await lifecycle.delete(id, outs);
      assert.equal(requestsOf(outs)[0]?.status, 200);
      assert.equal(calls(emulator()).at(-1), "webcli.logout");
    }
  });

  it("is used by its commands, as far as renewals know", async () => {
    const used: string[] = [];
    class Recording extends Renewals {
      override using<T>(key: string, deadline: Deadline, request: () => Promise<T>): Promise<T> {
        used.push(key);
        return super.using(key, deadline, request);
      }
    }
    const inputs = await commandInputs(emulator());
    await commandLifecycle(emulator(), quickRuntime({ renewals: new Recording() })).create(inputs);
    assert.deepEqual(used, [inputs.clientId]);
  });

  it("is tried again after a failed renewal, which is reported once", async () => {
    const notices = await noticesOf(async () => {
      await openWebCli();
      emulator().fault({ on: "webcli.command", times: 3, do: { status: 503 } });
      for (let i = 0; i < 3; i++) await renewal();
      idle();
      await renewal();
    });
    assert.equal(notices.length, 1);
    assert.match(
      notices[0] ?? "",
      /^Could not renew the session of the Web CLI .* answered 503.* tried again\.$/,
    );
    assert.equal(emulator().sessions().webCli.open.length, 1);
  });

  it("is given up when it has ended, which is told once where its resource is shown, with what to do", async () => {
    const told: string[] = [];
    const display = { notice: (sentence: string) => told.push(sentence), status: () => {} };
    const { outs } = await webCli().create(webCliInputs(emulator()), { display });
    emulator().expireSessions();
    await until(() => answered("webcli.command") === 1);
    await manyRenewals();
    assert.equal(requestsOf(outs).length, 1);
    assert.equal(told.length, 1);
    assert.match(told.join(), /has ended during this update\. .* run `pulumi up` again/);
  });

  it("is not renewed once the host is cancelled", async () => {
    await openWebCli();
    await renewal();
    renewals.cancel();
    await openWebCli();
    renewals = new Renewals(INTERVAL);
    // A renewal that was under way may still arrive.
    assert.ok((await pings()) <= 1);
  });

  it("is left to its idle timeout where the engine was killed, which ends no host", async () => {
    const engine = createServer();
    const host = [
      "node",
      "dynamic-provider",
      "-v=9",
      "--tracing",
      "tcp://127.0.0.1:1",
      `127.0.0.1:${await listen(engine)}`,
    ];
    const orphaned = new Renewals(INTERVAL, () => engineLives(host));
    renewals = orphaned;
    await openWebCli();
    await renewal();
    await closeServers();
    renewals = new Renewals(INTERVAL);
    // A renewal that was under way may still arrive.
    assert.ok((await pings().finally(() => orphaned.cancel())) <= 1);
  });
});
