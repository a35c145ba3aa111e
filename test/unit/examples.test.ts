import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type SessionMocks, sessionMocks } from "pulumi-huaweicloud-sessions/testing";
import { version } from "../../package.json";
import { exampleFolder, runExample } from "../support/examples";

const CONFIG = {
  instanceId: "11111111-2222-3333-4444-555555555555",
  redisPassword: "p",
  casUrl: "https://manager:20009/cas",
  service: "https://manager:28443/web/cas_security_check.htm",
  principal: "job@HADOOP.COM",
  keytab: "job.keytab",
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
  await pulumi.runtime.runInPulumiStack(async () => runExample(example));
  return (name: string) => mocks.registered.find((resource) => resource.name === name);
}

const TYPESCRIPT = readdirSync(exampleFolder(".")).filter((name) =>
  existsSync(join(exampleFolder(name), "index.ts")),
);

describe("The package.json of a TypeScript example", () => {
  for (const example of TYPESCRIPT) {
    it(`asks for this release, and for a TypeScript that Pulumi works with: ${example}`, () => {
      const { dependencies, devDependencies } = require(join(exampleFolder(example), "package.json"));
      assert.equal(dependencies["pulumi-huaweicloud-sessions"], `^${version}`);
      assert.match(devDependencies.typescript, /^\^5\./);
    });
  }
});

describe("The examples that run a script, under mocks", () => {
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
});
