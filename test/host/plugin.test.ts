import assert from "node:assert/strict";
import { type ServiceError, status } from "@grpc/grpc-js";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { FaultTarget } from "../../emulator";
import { UNKNOWN } from "../../provider/engine";
import schema from "../../provider/plugin/schema.json";
import { useDebugLog } from "../support/debugLog";
import { calls, commandsOf, requestsOn, useEmulator } from "../support/emulator";
import { type Bag, reply } from "../support/host";
import { until } from "../support/kill";
import { QUICK } from "../support/lifecycles";
import { keptResource, Plugin, secret } from "../support/plugin";
import { rejection } from "../support/rejection";

const { Kind } = PropertyDiff;
/** The plugin waits longer than a test may take, so what ends it is not its own patience. */
const PATIENT = { ...QUICK, operationTimeout: 600_000 };

describe("The native plugin over gRPC", () => {
  const emulator = useEmulator();
  const lines = useDebugLog("huaweicloud-sessions:plugin");
  let plugin: Plugin;
  const open = () => emulator().sessions().webCli.open.length;
  const sessionArgs = (): Bag => ({ instanceId: emulator().instanceId, password: emulator().redisPassword });

  /** Lets the service say that it is busy, for longer than a test may take. */
  const busy = (on: FaultTarget, seconds = 60) => {
    const headers = { "Retry-After": String(seconds) };
    emulator().fault({ on, times: 99, do: { status: 429, headers } });
  };

  async function opened() {
    const { inputs } = await plugin.check("WebCliSession", sessionArgs());
    return { inputs, ...(await plugin.create("WebCliSession", inputs)) };
  }
  /** A login whose session can be neither used nor logged out. */
  async function keptByFailure() {
    const clientId = "45934af80681efd5282554d77cae150760df78a9b342568c";
    emulator().fault({ on: "webcli.auth", do: { status: 200, body: { client_id: clientId } } });
    emulator().fault({ on: "webcli.logout", do: { status: 403 } });
    const { inputs } = await plugin.check("WebCliSession", sessionArgs());
    return { clientId, error: await rejection(plugin.create("WebCliSession", inputs)) };
  }
  beforeEach(async () => {
    plugin = await Plugin.start({ timeouts: PATIENT });
    const { projectId, dcsEndpoint, accessKey, secretKey } = emulator();
    await plugin.configure({ projectId, dcsEndpoint, accessKey, secretKey: secret(secretKey) });
  });
  afterEach(() => plugin.stop());

  it("hands over its schema and version", async () => {
    const request = new rpc.GetSchemaRequest();
    const answer = await reply<rpc.GetSchemaResponse>((done) => plugin.client.getSchema(request, done));
    assert.deepEqual(JSON.parse(answer.getSchema()), schema);
  });

  it("answers UNIMPLEMENTED to what it does not do", async () => {
    const error = await rejection(
      reply<object>((done) => plugin.client.invoke(new rpc.InvokeRequest(), done)),
    );
    assert.equal(codeOf(error), status.UNIMPLEMENTED);
  });

  it("says which resource types there are", async () => {
    const urn = "urn:pulumi:dev::tests::huaweicloud-sessions:index:WebCLI::name";
    const request = new rpc.CheckRequest().setUrn(urn);
    const error = await rejection(reply<object>((done) => plugin.client.check(request, done)));
    assert.match(
      error.message,
      /no resource type huaweicloud-sessions:index:WebCLI; there are .*:CasSession/,
    );
  });

  it("marks secret arguments that come in plain text, and fills in defaults", async () => {
    const { inputs, failures } = await plugin.check("WebCliSession", sessionArgs());
    assert.deepEqual(failures, []);
    assert.deepEqual(inputs.password, secret(emulator().redisPassword));
    assert.equal(inputs.endpoint, emulator().dcsEndpoint);
  });

  it("lets unknown values pass, and never marks them", async () => {
    const { inputs, failures } = await plugin.check("WebCliSession", { ...sessionArgs(), password: UNKNOWN });
    assert.deepEqual([inputs.password, failures], [UNKNOWN, []]);
  });

  it("previews a create without a request: the outputs are unknown", async () => {
    const { inputs } = await plugin.check("WebCliSession", sessionArgs());
    const { outs } = await plugin.create("WebCliSession", inputs, { preview: true });
    assert.deepEqual([outs.clientId, outs.openedAt], [UNKNOWN, UNKNOWN]);
    assert.equal(outs.instanceId, emulator().instanceId);
    assert.deepEqual(calls(emulator()), []);
  });

  it("previews an update without a request, also where a session is left to be ended", async () => {
    const args = { ...sessionArgs(), create: "DBSIZE" };
    const { inputs } = await plugin.check("WebCliCommand", args);
    await plugin.update("WebCliCommand", { ...inputs, response: "1", unclosedClientId: "c1" }, inputs, true);
    assert.deepEqual(calls(emulator()), []);
  });

  it("opens a session, finds it alive, and ends it", async () => {
    const { inputs, outs } = await opened();
    assert.deepEqual(outs.clientId, secret(emulator().sessions().webCli.open[0]));
    assert.equal(outs.password, undefined);
    const { changes } = await plugin.diff("WebCliSession", outs, inputs, inputs);
    assert.equal(changes, rpc.DiffResponse.DiffChanges.DIFF_NONE);
    await plugin.delete("WebCliSession", outs);
    assert.equal(open(), 0);
  });

  it("tells by which property a session is replaced", async () => {
    const { inputs, outs } = await opened();
    const { replaces, details } = await plugin.diff("WebCliSession", outs, inputs, {
      ...inputs,
      triggers: ["again"],
    });
    assert.deepEqual(replaces, ["triggers"]);
    assert.deepEqual(details, { triggers: { kind: Kind.ADD_REPLACE, inputdiff: true } });
  });

  it("replaces a session that has ended, which no argument did", async () => {
    const { inputs, outs } = await opened();
    emulator().expireSessions();
    const { replaces, details } = await plugin.diff("WebCliSession", outs, inputs, inputs);
    assert.deepEqual(replaces, ["clientId"]);
    assert.deepEqual(details, { clientId: { kind: Kind.UPDATE_REPLACE, inputdiff: false } });
  });

  it("reads a session that is alive with its arguments, and drops one that has ended", async () => {
    const { inputs, outs } = await opened();
    const found = await plugin.read("WebCliSession", outs, inputs);
    assert.deepEqual(found, { id: "id", props: outs, inputs });
    emulator().expireSessions();
    assert.equal((await plugin.read("WebCliSession", outs, inputs)).id, "");
  });

  it("can't import a session by an ID", async () => {
    const error = await rejection(plugin.read("WebCliSession", {}));
    assert.match(error.message, /create a WebCliSession with `clientId`/);
  });

  it("has the engine keep a session that a failed create could not log out, with its secrets marked", async () => {
    const { clientId, error } = await keptByFailure();
    const kept = keptResource(error);
    assert.match(kept?.id ?? "", /^webcli-/);
    assert.deepEqual(kept?.properties.clientId, secret(clientId));
    assert.match(kept?.reasons[0] ?? "", /kept in the stack's state/);
  });

  it("logs why a request failed, and no secret of the session that is kept", async () => {
    const { clientId } = await keptByFailure();
    assert.match(lines().join("\n"), /Could not use the session of the Web CLI/);
    assert.ok(!lines().join("\n").includes(clientId));
  });

  it("runs commands in a session that is given by its client ID and instance", async () => {
    const { outs } = await opened();
    const { inputs, failures } = await plugin.check("WebCliCommand", {
      ...{ clientId: emulator().sessions().webCli.open[0], instanceId: outs.instanceId },
      ...{ create: "SET ready 1", delete: "DEL ready" },
    });
    assert.deepEqual(failures, []);
    const { outs: state } = await plugin.create("WebCliCommand", inputs);
    assert.deepEqual(state.response, secret("OK"));
    const changed = await plugin.diff("WebCliCommand", state, inputs, { ...inputs, create: "SET ready 2" });
    assert.deepEqual([changed.replaces, changed.deleteBeforeReplace], [["create"], true]);
    await plugin.delete("WebCliCommand", state);
    assert.deepEqual(commandsOf(emulator()), ["SET ready 1", "DEL ready"]);
  });

  it("moves a command to a reopened session without running it, and says so in the preview", async () => {
    const { outs } = await opened();
    const args = { clientId: outs.clientId, instanceId: outs.instanceId, create: "INCR runs" };
    const { inputs } = await plugin.check("WebCliCommand", args);
    const { outs: state } = await plugin.create("WebCliCommand", inputs);
    const moved = { ...inputs, clientId: "another" };
    assert.deepEqual((await plugin.diff("WebCliCommand", state, inputs, moved)).details, {
      clientId: { kind: Kind.UPDATE, inputdiff: true },
    });
    for (const preview of [true, false]) {
      const updated = await plugin.update("WebCliCommand", state, moved, preview);
      assert.deepEqual([updated.clientId, updated.response], [secret("another"), secret("1")]);
    }
    assert.deepEqual(commandsOf(emulator()), ["INCR runs"]);
  });

  it("gives an operation the custom timeout of its resource", async () => {
    busy("webcli.auth", 30);
    const { inputs } = await plugin.check("WebCliSession", sessionArgs());
    const error = await rejection(plugin.create("WebCliSession", inputs, { timeout: 20 }));
    assert.match(error.message, /Could not log in .* 429/);
  });

  it("ends waiting operations when it is cancelled, with what the server said last, and warns of nothing", async () => {
    const { inputs } = await plugin.check("WebCliSession", sessionArgs());
    busy("webcli.auth");
    const warnings: string[] = [];
    const warn = ({ name }: Error) => warnings.push(name);
    process.on("warning", warn);
    const failed = Array.from({ length: 12 }, () => rejection(plugin.create("WebCliSession", inputs)));
    await until(() => requestsOn(emulator(), "webcli.auth").length === 12);
    await plugin.cancel();
    for (const { message } of await Promise.all(failed)) assert.match(message, /Could not log in .* 429/);
    process.off("warning", warn);
    assert.deepEqual(warnings, []);
    assert.equal(calls(emulator()).length, 12);
  });

  it("ends a waiting check when it is cancelled", async () => {
    const { dcsEndpoint, iamEndpoint, region, accessKey, secretKey } = emulator();
    await plugin.configure({ dcsEndpoint, iamEndpoint, region, accessKey, secretKey });
    busy("iam.projects");
    const checked = plugin.check("WebCliSession", sessionArgs());
    await until(() => calls(emulator()).includes("iam.projects"));
    await plugin.cancel();
    assert.match((await checked).failures.join(), /could not be looked up: .* answered 429/);
  });

  it("keeps a session whose login is answered after the cancellation", async () => {
    emulator().fault({ on: "webcli.auth", do: { delayMs: 100 } });
    const { inputs } = await plugin.check("WebCliSession", sessionArgs());
    const created = plugin.create("WebCliSession", inputs);
    await until(() => calls(emulator()).includes("webcli.auth"));
    await plugin.cancel();
    const { outs } = await created;
    assert.deepEqual(outs.clientId, secret(emulator().sessions().webCli.open[0]));
  });

  it("fails with one paragraph and no stack", async () => {
    emulator().fault({ on: "webcli.auth", do: { status: 403 } });
    const { inputs } = await plugin.check("WebCliSession", sessionArgs());
    const error = await rejection(plugin.create("WebCliSession", inputs));
    assert.match(error.message, /^2 UNKNOWN: Could not log in to .* answered 403/);
    assert.doesNotMatch(error.message, /\n| at /);
  });
});

function codeOf(error: Error): ServiceError["code"] | undefined {
  return "code" in error && typeof error.code === "number" ? error.code : undefined;
}
