import assert from "node:assert/strict";
import type { FaultAction } from "../../emulator";
import { calls, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { configOf, webCliInputs, webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";

describe("WebCliSession create", () => {
  const emulator = useEmulator();
  const create = (more = {}) => webCliLifecycle(emulator()).create(webCliInputs(emulator(), more));
  const open = () => emulator().sessions().webCli.open;

  it("logs in, and its outputs hold what a logout needs", async () => {
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

  it("keeps no password in its outputs", async () => {
    const { outs } = await create();
    assert.ok(!JSON.stringify(outs).includes(emulator().redisPassword));
  });

  it("logs in with a token where one is configured", async () => {
    const { authToken } = emulator();
    const config = { ...configOf(emulator()), "huaweicloud-sessions:authToken": authToken };
    await webCliLifecycle(config).create(webCliInputs(emulator()));
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

  const mayHaveBeenActedOn: [string, FaultAction][] = [
    ["500", { status: 500, body: { error_code: "DCS.5000" } }],
    ["a connection that is cut before the work", { drop: "before" }],
    ["a connection that is cut after the work", { drop: "after" }],
    ["no answer at all", { delayMs: 5_000 }],
  ];
  for (const [answer, action] of mayHaveBeenActedOn) {
    it(`does not send a second login after ${answer}, and says that a session may be open`, async () => {
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
    assert.equal(calls(emulator()).length, 1);
  });

  it("says that the password is wrong, and does not show it", async () => {
    const { message } = await rejection(create({ password: "hunter2-secret" }));
    assert.match(
      message,
      /answered 400 111400080.*\. The instance refused the password\. Correct `password`\.$/,
    );
    assert.doesNotMatch(message, /hunter2/);
    assert.deepEqual(calls(emulator()), ["webcli.auth"]);
  });
});

describe("WebCliSession create without credentials", () => {
  const emulator = useEmulator();
  useEnvironment();

  it("says where to set them", async () => {
    const { message } = await rejection(webCliLifecycle({}).create(webCliInputs(emulator())));
    assert.match(
      message,
      /no request was sent.* `huaweicloud-sessions:accessKey` is required, .*HW_ACCESS_KEY/,
    );
    assert.deepEqual(emulator().requests(), []);
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

  it("refuses a session that is dead", async () => {
    const clientId = await openOne();
    emulator().expireSessions();
    const { message } = await rejection(adopt(clientId));
    assert.match(message, /^Could not adopt the session of the Web CLI .* knows no open session/);
    assert.doesNotMatch(message, new RegExp(clientId));
  });

  it("adopts a session where the service can't tell", async () => {
    const clientId = await openOne();
    emulator().fault({ on: "webcli.command", do: { status: 500 } });
    assert.equal((await adopt(clientId)).outs?.clientId, clientId);
  });
});
