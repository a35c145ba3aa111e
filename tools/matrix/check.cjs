// Runs in a project that has installed the package, under the Node.js and the @pulumi/pulumi of its cell.
const assert = require("node:assert/strict");
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { createRequire } = require("node:module");
const pulumi = require("@pulumi/pulumi");
const { CasSession, WebCliCommand, WebCliSession } = require("pulumi-huaweicloud-sessions");
const { startEmulator } = require("pulumi-huaweicloud-sessions/emulator");
const { sessionMocks } = require("pulumi-huaweicloud-sessions/testing");

// What @pulumi/pulumi depends on is found from there: pnpm does not hoist it.
const ofPulumi = createRequire(require.resolve("@pulumi/pulumi"));
const grpc = ofPulumi("@grpc/grpc-js");
const struct = ofPulumi("google-protobuf/google/protobuf/struct_pb.js").Struct;
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const messages = require("@pulumi/pulumi/proto/provider_pb");

/** Registers all three resources under mocks, and gives the texts by which the host finds their code. */
async function texts(emulator) {
  const found = {};
  const mocks = sessionMocks();
  const newResource = (args) => {
    found[args.type.split(":").pop()] = args.inputs.__provider;
    return mocks.newResource(args);
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) });
  const { instanceId, casUrl, username, password } = emulator;
  const session = new WebCliSession("cache", { instanceId });
  const command = new WebCliCommand("size", { session, create: "DBSIZE" });
  const manager = new CasSession("manager", { casUrl, username, password });
  for (const { urn } of [command, manager]) await new Promise((resolve) => urn.apply(resolve));
  return found;
}

async function withHost(config, use) {
  const host = spawn(
    process.execPath,
    [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), "127.0.0.1:1"],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const [port] = await once(host.stdout, "data");
  const client = new ResourceProviderClient(
    `127.0.0.1:${String(port).trim()}`,
    grpc.credentials.createInsecure(),
  );
  const call = (method, request) =>
    new Promise((resolve, reject) => {
      client[method](request, (error, answer) => (error ? reject(error) : resolve(answer)));
    });
  try {
    const request = new messages.ConfigureRequest();
    request.setArgs(struct.fromJavaScript(config));
    await call("configure", request);
    await use(call);
  } finally {
    client.close();
    host.kill();
  }
}

async function life(call, inputs) {
  const check = new messages.CheckRequest();
  check.setOlds(struct.fromJavaScript({}));
  check.setNews(struct.fromJavaScript(inputs));
  const checked = await call("check", check);
  assert.deepEqual(checked.getFailuresList(), []);
  const create = new messages.CreateRequest();
  create.setProperties(checked.getInputs());
  const created = await call("create", create);
  return async () => {
    const end = new messages.DeleteRequest();
    end.setId(created.getId());
    end.setProperties(created.getProperties());
    await call("delete", end);
  };
}

async function main() {
  const emulator = await startEmulator();
  try {
    await bothLives(emulator);
  } finally {
    await emulator.close();
  }
}

async function bothLives(emulator) {
  const open = () => [emulator.sessions().webCli.open.length, emulator.sessions().cas.open.length];
  const { instanceId, redisPassword, casUrl, username, password } = emulator;
  const providers = await texts(emulator);
  const config = {
    "huaweicloud:projectId": emulator.projectId,
    "huaweicloud:dcsEndpoint": emulator.dcsEndpoint,
    "huaweicloud:accessKey": emulator.accessKey,
    "huaweicloud:secretKey": emulator.secretKey,
  };
  await withHost(config, async (call) => {
    const session = { __provider: providers.WebCliSession, instanceId, password: redisPassword };
    const manager = { __provider: providers.CasSession, casUrl, username, password };
    const ends = [await life(call, session), await life(call, manager)];
    assert.deepEqual(open(), [1, 1]);
    for (const end of ends) await end();
    assert.deepEqual(open(), [0, 0]);
  });
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
