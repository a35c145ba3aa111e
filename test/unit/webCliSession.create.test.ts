import assert from "node:assert/strict";
import type { FaultAction } from "../../emulator";
import { calls, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { configOf, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";

describe("WebCliSession create", () => {
  const emulator = useEmulator();
  const create = (more = {}) => webCliLifecycle(emulator()).create(webCliInputs(emulator(), more));
  const __provider = "the text that finds the code";
  const open = () => emulator().sessions().webCli.open;

  it("logs in, and its outputs tell what a log-out needs", async () => {
    const { id, outs } = await create();
    assert.match(id, /^webcli-[0-9a-f]{24}$/);
    assert.deepEqual(open(), [outs?.clientId]);
    assert.equal(outs?.databases, 256);
    assert.ok(Math.abs(Date.parse(outs.openedAt) - Date.now()) < 60_000);
    assert.deepEqual(
      [outs.endpoint, outs.projectId, outs.instanceId],
      [emulator().dcsEndpoint, emulator().projectId, emulator().instanceId],
    );
  });

  it("keeps no password in its outputs: no log-out needs one", async () => {
    const { outs } = await create();
    assert.ok(!JSON.stringify(outs).includes(emulator().redisPassword));
  });

  it("logs in with a token where the keys are one", async () => {
    const { authToken } = emulator();
    const config = { ...configOf(emulator()), "huaweicloud:authToken": authToken };
    await webCliLifecycle(emulator(), config).create(webCliInputs(emulator()));
    assert.equal(emulator().requests().at(-1)?.headers["x-auth-token"], authToken);
    assert.equal(open().length, 1);
  });

  const neverActedOn: [string, FaultAction][] = [
    ["429", { status: 429, body: { error_code: "APIGW.0308", error_msg: "throttled" } }],
    ["a busy code", { status: 400, body: { error_code: "111400026", error_msg: "not allowed now" } }],
    ["a busy code in its other spelling", { status: 400, body: { error_code: "DCS.4049" } }],
  ];
  for (const [answer, action] of neverActedOn) {
    it(`logs in again after ${answer}`, async () => {
      emulator().fault({ on: "webcli.auth", times: 2, do: action });
      await create();
      assert.deepEqual(calls(emulator()), ["webcli.auth", "webcli.auth", "webcli.auth"]);
      assert.equal(open().length, 1);
    });
  }

  const maybeActedOn: [string, FaultAction][] = [
    ["a 500", { status: 500, body: { error_code: "DCS.5000" } }],
    ["a connection cut before the work", { drop: "before" }],
    ["a connection cut after the work", { drop: "after" }],
    ["an answer that does not come", { delayMs: 5_000 }],
  ];
  for (const [answer, action] of maybeActedOn) {
    it(`sends no second log-in after ${answer}, and says that a session may be open`, async () => {
      emulator().fault({ on: "webcli.auth", do: action });
      const { message } = await rejection(create());
      assert.match(message, /^Could not log in to the Web CLI .* may have opened a session/);
      assert.deepEqual(calls(emulator()), ["webcli.auth"]);
    });
  }

  it("waits as long as Retry-After asks", async () => {
    emulator().fault({ on: "webcli.auth", do: { status: 429, headers: { "Retry-After": "1" } } });
    const started = Date.now();
    await create();
    assert.ok(Date.now() - started >= 1_000);
  });

  it("gives up at once when Retry-After asks for more than its time", async () => {
    emulator().fault({ on: "webcli.auth", do: { status: 429, headers: { "Retry-After": "3600" } } });
    assert.match((await rejection(create())).message, /answered 429/);
  });

  it("says that the password is wrong, and does not show it", async () => {
    const { message } = await rejection(create({ password: "hunter2-secret" }));
    assert.match(message, /answered 400 111400080 .*Give the instance's password as `password`\.$/);
    assert.doesNotMatch(message, /hunter2/);
    assert.deepEqual(calls(emulator()), ["webcli.auth"]);
  });

  it("logs out when the answer to the log-in is of no use", async () => {
    const clientId = "45934af80681efd5282554d77cae150760df78a9b342568c";
    emulator().fault({ on: "webcli.auth", do: { status: 200, body: { client_id: clientId } } });
    emulator().fault({ on: "webcli.logout", do: { status: 204 } });
    const error = await rejection(create());
    assert.match(error.message, /^Could not use the Web CLI .* without the number of databases/);
    assert.equal(error.id, undefined);
    assert.match(emulator().requests().at(-1)?.body ?? "", new RegExp(clientId));
  });

  it("gives Pulumi the session to end later when that log-out fails", async () => {
    const clientId = "45934af80681efd5282554d77cae150760df78a9b342568c";
    emulator().fault({ on: "webcli.auth", do: { status: 200, body: { client_id: clientId } } });
    emulator().fault({ on: "webcli.logout", do: { status: 403 } });
    const error = await rejection(create({ __provider }));
    assert.match(String(error.id), /^webcli-/);
    const { openedAt: _, passwordSeal: __, ...properties } = Object(error.properties);
    const { password: ___, ...place } = webCliInputs(emulator());
    assert.deepEqual(properties, { ...place, clientId, unfinished: true, __provider });
    assert.doesNotMatch(error.message, new RegExp(clientId));
    assert.match(
      error.message,
      /The session is kept in the stack's state, so that `pulumi destroy` ends it\.$/,
    );
    assert.deepEqual(error.reasons, [error.message]);
  });
});

describe("WebCliSession create without keys", () => {
  const emulator = useEmulator();
  useEnvironment();

  it("says where to set them", async () => {
    const { message } = await rejection(webCliLifecycle(emulator(), {}).create(webCliInputs(emulator())));
    assert.match(message, /no request was sent.* Set huaweicloud:accessKey .*only the environment counts\.$/);
  });
});

describe("WebCliSession create with a clientId", () => {
  const emulator = useEmulator();
  const lifecycle = () => webCliLifecycle(emulator());
  const openOne = async () => {
    const { outs } = await lifecycle().create(webCliInputs(emulator()));
    return outs?.clientId ?? "";
  };
  const adopt = (clientId: string) =>
    lifecycle().create(webCliInputs(emulator(), { clientId, password: undefined }));

  it("adopts an open session without logging in", async () => {
    const clientId = await openOne();
    const { outs } = await adopt(clientId);
    assert.equal(outs?.clientId, clientId);
    assert.equal(emulator().sessions().webCli.opened, 1);
  });

  it("refuses one that is dead", async () => {
    const clientId = await openOne();
    emulator().expireSessions();
    const { message } = await rejection(adopt(clientId));
    assert.match(message, /^Could not adopt the Web CLI session/);
    assert.doesNotMatch(message, new RegExp(clientId));
  });

  it("takes one that the service can't tell of", async () => {
    const clientId = await openOne();
    emulator().fault({ on: "webcli.command", do: { status: 500 } });
    assert.equal((await adopt(clientId)).outs?.clientId, clientId);
  });
});
