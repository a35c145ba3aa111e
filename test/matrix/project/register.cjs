// Registers all three resources under mocks, in a project that has installed the package, and prints the texts by
// which the dynamic-provider host finds their code.
const pulumi = require("@pulumi/pulumi");
const { CasSession, WebCliCommand, WebCliSession } = require("pulumi-huaweicloud-sessions");
const { sessionMocks } = require("pulumi-huaweicloud-sessions/testing");

async function main() {
  const texts = {};
  const mocks = sessionMocks();
  const newResource = (args) => {
    texts[args.type.split(":").pop()] = args.inputs.__provider;
    return mocks.newResource(args);
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) });
  const session = new WebCliSession("cache", { instanceId: "11111111-2222-3333-4444-555555555555" });
  const command = new WebCliCommand("size", { session, create: "DBSIZE" });
  const manager = new CasSession("manager", {
    casUrl: "https://manager:20009/cas",
    username: "u",
    password: "p",
  });
  for (const { urn } of [command, manager]) {
    await new Promise((resolve) => urn.apply(resolve));
  }
  console.log(JSON.stringify(texts));
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
