import assert from "node:assert/strict";
import type { FaultAction } from "../../emulator";
import { sdkDate } from "../support/client";
import { keysOf } from "../support/credentials";
import { refusals, requestsOn, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { configOf, QUICK, useOneProcess, webCliInputs, webCliState } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, listenRaw, serve } from "../support/server";

describe("The credentials of a logout", () => {
  const lifecycleWith = useOneProcess();
  const emulator = useEmulator();
  useEnvironment();
  afterEach(closeServers);
  const opened = async () => (await lifecycleWith(emulator()).create(webCliInputs(emulator()))).outs;
  const wrong = () => ({ ...configOf(emulator()), "huaweicloud-sessions:secretKey": "notTheSecretKey" });
  const open = () => emulator().sessions().webCli.open.length;
  /** As many logouts at once as Pulumi may start, with a wrong secret key. */
  const failTogether = async (outs: object) => {
    const lifecycle = lifecycleWith(wrong());
    await Promise.all(Array.from({ length: 8 }, () => rejection(lifecycle.delete("", outs))));
  };

  it("are those of the environment after the configured ones are refused, which are not sent again", async () => {
    const outs = await opened();
    const old = configOf(emulator());
    Object.assign(process.env, keysOf(emulator().rotateKeys()));
    await lifecycleWith(old).delete("", outs);
    assert.equal(open(), 0);
    await lifecycleWith(old).create(webCliInputs(emulator()));
    assert.equal(refusals(emulator()), 1);
  });

  it("are missing where all are refused, and the error says where to set others", async () => {
    const outs = await opened();
    const lifecycle = lifecycleWith(emulator());
    const { accessKey } = emulator();
    emulator().rotateKeys();
    const { message } = await rejection(lifecycle.delete("", outs));
    assert.match(message, /answered 401 APIGW\.0301.*HW_ACCESS_KEY/);
    const sent = emulator().requests().length;
    const again = await rejection(lifecycle.delete("", { ...outs, instanceId: "another-instance" }));
    assert.match(
      again.message,
      /: no request was sent, because these credentials were rejected earlier in this run: the server answered 401 APIGW/,
    );
    assert.doesNotMatch(again.message, new RegExp(`${accessKey}|${outs.clientId}|${outs.instanceId}`));
    assert.equal(emulator().requests().length, sent);
  });

  const meanwhile: [string, number, FaultAction][] = [
    ["are refused slowly", 8, { delayMs: 300 }],
    ["meet a 429 first", 1, { status: 429 }],
    ["meet a 503 first", 1, { status: 503 }],
    ["meet a broken connection first", 1, { drop: "before" }],
    ["meet a 404 of the gateway first", 1, { status: 404, body: '{"error_code":"APIGW.0101"}' }],
  ];
  for (const [what, times, action] of meanwhile) {
    it(`are refused once while they are not known to be good, however many resources wait, where they ${what}`, async () => {
      const outs = await opened();
      emulator().fault({ on: "webcli.logout", times, do: action });
      await failTogether(outs);
      assert.equal(refusals(emulator()), 1);
    });
  }

  it("are refused at most twice, however many projects they are tried in", async () => {
    const outs = await opened();
    const lifecycle = lifecycleWith(wrong());
    const fail = (projectId: string) => rejection(lifecycle.delete("", { ...outs, projectId }));
    for (const projectId of ["p1", "p2", "p3", "p4"]) await fail(projectId);
    await Promise.all([fail("p5"), fail("p6")]);
    assert.equal(refusals(emulator()), 2);
  });

  it("are refused at most twice, with however many secret keys one access key comes", async () => {
    const outs = await opened();
    const HW_ACCESS_KEY = emulator().accessKey;
    Object.assign(process.env, { CLOUD_SDK_AK: HW_ACCESS_KEY, CLOUD_SDK_SK: "second" });
    Object.assign(process.env, { HUAWEICLOUD_SDK_AK: HW_ACCESS_KEY, HUAWEICLOUD_SDK_SK: "third" });
    Object.assign(process.env, { HW_ACCESS_KEY, HW_SECRET_KEY: "fourth" });
    await failTogether(outs);
    await rejection(lifecycleWith(wrong()).delete("", { ...outs, projectId: "another" }));
    assert.equal(refusals(emulator()), 2);
  });

  it("are good with their right secret key after a wrong one was refused", async () => {
    const outs = await opened();
    Object.assign(process.env, keysOf(emulator()));
    await lifecycleWith(wrong()).delete("", outs);
    assert.equal(open(), 0);
  });

  it("include AK/SK beside a token that is no longer valid", async () => {
    const outs = await opened();
    const stale = { ...configOf(emulator()), "huaweicloud-sessions:authToken": "stale" };
    await lifecycleWith(stale).delete("", outs);
    assert.deepEqual([open(), refusals(emulator())], [0, 1]);
  });

  it("do not wait for a server that does not answer", async () => {
    const outs = await opened();
    const timeouts = { ...QUICK, requestTimeout: 60_000, idleTimeout: 60_000 };
    const { url } = await listenRaw(() => {});
    const caller = new AbortController();
    const silent = lifecycleWith(emulator(), timeouts);
    const hung = silent.delete("", webCliState(url), { signal: caller.signal });
    await lifecycleWith(emulator()).delete("", outs);
    assert.equal(open(), 0);
    caller.abort();
    await closeServers();
    await rejection(hung);
  });

  describe("where this machine's clock is three hours behind", () => {
    const serverTime = () => Date.now() + 3 * 3_600_000;

    /** A DCS API that takes signatures of its own time only; and which of its requests were late. */
    async function serveAhead(lost?: number) {
      const late: boolean[] = [];
      const { url } = await serve(({ headers, socket }, response) => {
        late.push(String(headers["x-sdk-date"]) < sdkDate(serverTime() - 15 * 60_000));
        const date = new Date(serverTime()).toUTCString();
        if (late.length === lost) socket.resetAndDestroy();
        else response.writeHead(late.at(-1) ? 401 : 204, { date }).end();
      });
      return { state: webCliState(url), late: () => late };
    }

    it("are signed again with the server's time, and then from the beginning", async () => {
      const { state, late } = await serveAhead();
      const lifecycle = lifecycleWith(emulator());
      for (const _ of "12") await lifecycle.delete("", state);
      assert.deepEqual(late(), [true, false, false]);
    });

    it("stay signed with the server's time when the first answer to that is lost", async () => {
      const { state, late } = await serveAhead(2);
      await lifecycleWith(emulator()).delete("", state);
      assert.deepEqual(late(), [true, false, false]);
    });

    it("are refused at most twice all the same", async () => {
      const { url, requests } = await serve((_, response) => {
        response.writeHead(401, { date: new Date(serverTime()).toUTCString() }).end();
      });
      const lifecycle = lifecycleWith(wrong());
      for (const projectId of ["p1", "p2", "p3"]) {
        await rejection(lifecycle.delete("", webCliState(url, { projectId })));
      }
      assert.equal(requests().length, 2);
    });
  });
});

describe("The credentials of a login", () => {
  const lifecycleWith = useOneProcess();
  const emulator = useEmulator();

  it("are not sent when the wait for their turn left too little time for an answer", async () => {
    emulator().fault({ on: "webcli.auth", times: 2, do: { delayMs: 200 } });
    const patient = { ...QUICK, requestTimeout: 10_000, idleTimeout: 10_000, operationTimeout: 10_000 };
    const create = (timeouts = patient) =>
      lifecycleWith(emulator(), timeouts).create(webCliInputs(emulator()));
    const ahead = [create(), create()];
    const { message } = await rejection(create({ ...patient, leastAnswerTime: 4_950 }));
    await Promise.all(ahead);
    assert.match(message, /was not sent, because too little time was left/);
    assert.doesNotMatch(message, /may have opened a session/);
    assert.equal(requestsOn(emulator(), "webcli.auth").length, 2);
  });
});
