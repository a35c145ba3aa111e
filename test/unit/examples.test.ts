import assert from "node:assert/strict";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type SessionMocks, sessionMocks } from "pulumi-huaweicloud-sessions/testing";

const EXAMPLES = join(__dirname, "../../examples");
const CONFIG = {
  instanceId: "11111111-2222-3333-4444-555555555555",
  redisPassword: "p",
  casUrl: "https://manager:20009/cas",
  service: "https://manager:28443/web/cas_security_check.htm",
  username: "admin",
  password: "p",
  principal: "job@HADOOP.COM",
  keytab: "job.keytab",
  run: "7",
};

/** Runs an example under mocks, and finds what it registered by name. */
async function run(example: string) {
  const mocks: SessionMocks = sessionMocks({
    others: {
      newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: { stdout: "TGC=TGT-1", ...inputs } }),
      call: () => ({}),
    },
  });
  await pulumi.runtime.setMocks(mocks, "project", "stack");
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(CONFIG).map(([key, value]) => [`project:${key}`, value])),
  );
  const folder = join(EXAMPLES, example);
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(folder)) delete require.cache[file];
  }
  await pulumi.runtime.runInPulumiStack(async () => require(folder));
  return (name: string) => mocks.registered.find((resource) => resource.name === name);
}

describe("The examples under mocks", () => {
  it("cache-warmup hands the open session to its script, as a secret", async () => {
    const found = await run("cache-warmup");
    assert.equal(found("cache")?.type, "pulumi-nodejs:dynamic/dcs:WebCliSession");
    const warmUp = found("warm-up");
    assert.equal(warmUp?.type, "command:local:Command");
    assert.deepEqual(warmUp.secrets, ["environment"]);
    assert.match(JSON.stringify(warmUp.inputs.environment), /"CLIENT_ID":"[0-9a-f]{48}"/);
    assert.match(JSON.stringify(warmUp.inputs.environment), /instances\/11111111-.*\/webcli"/);
  });

  it("adopt-kerberos-login adopts the cookie that its script prints, with the script's User-Agent", async () => {
    const found = await run("adopt-kerberos-login");
    const session = found("manager");
    assert.equal(session?.inputs.ticketGrantingCookie, "TGC=TGT-1");
    assert.deepEqual(session.secrets, ["ticketGrantingCookie"]);
    const environment = Object(found("kerberos-login")?.inputs.environment);
    assert.equal(session.inputs.userAgent, environment.USER_AGENT);
    assert.match(environment.CAS_LOGIN, /\/cas\/login\?service=https%3A%2F%2Fmanager/);
  });

  it("seeded-test-run seeds and clears a database of its own, anew for each run", async () => {
    const found = await run("seeded-test-run");
    const { create, delete: clear, database, triggers } = Object(found("users")?.inputs);
    assert.deepEqual([create, clear], ["MSET user:1 Ada user:2 Grace", "DEL user:1 user:2"]);
    assert.deepEqual([database, triggers], [3, ["7"]]);
    assert.equal(found("ready")?.inputs.create, "SET run 7");
  });

  for (const [example, names] of Object.entries({
    quickstart: ["cache", "manager"],
    "webcli-session": ["cache"],
    "cas-session": ["manager"],
  })) {
    it(`${example} declares ${names.join(" and ")}`, async () => {
      const found = await run(example);
      for (const name of names) assert.ok(found(name));
    });
  }
});
