import assert from "node:assert/strict";
import type { OperationOptions } from "../../provider/api/deadline";
import { Renewals } from "../../provider/lifecycle/renewals";
import { keysOf, placeOf } from "../support/credentials";
import { requestsOn, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { until } from "../support/kill";
import {
  casInputs,
  casLifecycle,
  commandLifecycle,
  QUICK,
  quickRuntime,
  webCliInputs,
  webCliLifecycle,
} from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, listenRaw } from "../support/server";

/** The time of a test is up long before that of anything else. */
const AGES = 60_000;
const PATIENT = {
  ...QUICK,
  requestTimeout: AGES,
  idleTimeout: AGES,
  probeTimeout: AGES,
  operationTimeout: AGES,
  // What outlives its test asks no other test's server: a closed port can soon be another emulator's.
  firstRetryDelay: AGES,
};

type Run = (options: OperationOptions) => Promise<unknown>;

describe("An operation that waits for another one", () => {
  const emulator = useEmulator();
  let renewals: Renewals;
  useEnvironment();
  beforeEach(() => {
    renewals = new Renewals(1);
  });
  afterEach(() => {
    renewals.cancel();
    return closeServers();
  });

  const runtime = () => quickRuntime({ timeouts: PATIENT, renewals });

  /** A session while the server keeps a renewal of it waiting. */
  const renewed = async () => {
    const lifecycle = webCliLifecycle(emulator(), PATIENT, runtime());
    emulator().fault({ on: "webcli.command", do: { delayMs: AGES } });
    const { id, outs } = await lifecycle.create(webCliInputs(emulator()));
    await until(() => requestsOn(emulator(), "webcli.command").length > 0);
    return { lifecycle, id, outs };
  };

  const waits: [string, () => Promise<Run>, RegExp][] = [
    [
      "a renewal before a logout",
      async () => {
        const { lifecycle, id, outs } = await renewed();
        return (options) => lifecycle.delete(id, outs, options);
      },
      /^Could not log out of .*: no request was sent, because one that keeps the session alive is still without an answer\./,
    ],
    [
      "a renewal before a command",
      async () => {
        const { outs } = await renewed();
        const { endpoint, projectId, instanceId, clientId } = outs;
        const command = { endpoint, projectId, instanceId, clientId, create: "DBSIZE" };
        const lifecycle = commandLifecycle(emulator(), quickRuntime({ timeouts: PATIENT, renewals }));
        return (options) => lifecycle.create(command, options);
      },
      /^Could not run the command .*: no request was sent, because one that keeps the session alive is still without an answer\./,
    ],
    [
      "a request with the same keys",
      async () => {
        const lifecycle = webCliLifecycle(emulator(), PATIENT);
        emulator().fault({ on: "webcli.auth", do: { delayMs: AGES } });
        void rejection(lifecycle.create(webCliInputs(emulator())));
        await until(() => requestsOn(emulator(), "webcli.auth").length > 0);
        return (options) => lifecycle.create(webCliInputs(emulator()), options);
      },
      /\/auth was not sent, because an earlier request with the same credentials is still without an answer\./,
    ],
    [
      "a login of the same user",
      async () => {
        const lifecycle = casLifecycle(PATIENT);
        emulator().fault({ on: "cas.login", do: { delayMs: AGES } });
        void rejection(lifecycle.create(casInputs(emulator())));
        await until(() => requestsOn(emulator(), "cas.login").length > 0);
        return (options) => lifecycle.create(casInputs(emulator()), options);
      },
      /the login was not sent, because an earlier one of the same user is still without an answer\./,
    ],
    [
      "temporary credentials",
      async () => {
        const { url: metadataEndpoint } = await listenRaw(() => {});
        const knowing = quickRuntime({ timeouts: PATIENT, metadataEndpoint });
        const lifecycle = webCliLifecycle(placeOf(emulator()), PATIENT, knowing);
        return (options) => lifecycle.create(webCliInputs(emulator()), options);
      },
      /the metadata service \(temporary credentials did not come in time\)/,
    ],
  ];
  for (const [what, prepare, told] of waits) {
    it(`waits no longer than its own time: for ${what}`, async () => {
      const run = await prepare();
      assert.match((await rejection(run({ timeout: 300 }))).message, told);
    });

    it(`waits no longer once it is canceled: for ${what}`, async () => {
      const run = await prepare();
      const cancel = new AbortController();
      const ended = rejection(run({ signal: cancel.signal }));
      cancel.abort();
      assert.match((await ended).message, told);
    });
  }

  it("sends no logout while a renewal is under way", async () => {
    const { lifecycle, id, outs } = await renewed();
    await rejection(lifecycle.delete(id, outs, { timeout: 50 }));
    assert.equal(requestsOn(emulator(), "webcli.logout").length, 0);
    assert.equal(emulator().sessions().webCli.open.length, 1);
  });

  it("waits no longer than its own time: for the list of projects", async () => {
    Object.assign(process.env, keysOf(emulator()));
    const lifecycle = webCliLifecycle(placeOf(emulator()), PATIENT);
    const { instanceId } = emulator();
    emulator().fault({ on: "iam.projects", do: { delayMs: AGES } });
    void lifecycle.check({}, { instanceId });
    await until(() => requestsOn(emulator(), "iam.projects").length > 0);
    const { failures = [] } = await lifecycle.check({}, { instanceId }, { timeout: 100 });
    assert.match(failures[0]?.reason ?? "", /the list of projects did not come in time/);
  });
});
