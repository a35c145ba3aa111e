import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CasSession, WebCliCommand, WebCliSession } from "../../provider";
import { type SessionMocks, type SessionMocksOptions, sessionMocks } from "../../provider/testing";
import { resolved } from "../support/outputs";

async function mocked(options?: SessionMocksOptions): Promise<SessionMocks> {
  const mocks = sessionMocks(options);
  await pulumi.runtime.setMocks(mocks);
  return mocks;
}

describe("sessionMocks", () => {
  it("make believable outputs", async () => {
    await mocked();
    const session = new WebCliSession("cache", { instanceId: "i1", password: "p" });
    assert.match(await resolved(session.clientId), /^[0-9a-f]{48}$/);
    assert.equal(await resolved(session.databases), 256);
    assert.equal(await resolved(session.instanceId), "i1");
    assert.ok(Date.parse(await resolved(session.openedAt)));
    const cas = new CasSession("manager", { casUrl: "https://m/cas", username: "u", password: "p" });
    assert.match(await resolved(cas.ticketGrantingCookie), /^CASTGC=TGT-/);
    const command = new WebCliCommand("size", { session, create: "DBSIZE" });
    assert.equal(await resolved(command.response), "OK");
  });

  it("keep secret outputs secret", async () => {
    await mocked();
    const session = new WebCliSession("cache", { instanceId: "i1" });
    const command = new WebCliCommand("size", { session, create: "DBSIZE" });
    const cas = new CasSession("manager", { casUrl: "https://m/cas", ticketGrantingCookie: "TGC=1" });
    for (const output of [session.clientId, command.response, cas.ticketGrantingCookie]) {
      assert.equal(await pulumi.isSecret(output), true);
    }
    assert.equal(await pulumi.isSecret(session.openedAt), false);
  });

  it("know the resources of the native plugin", async () => {
    const mocks = await mocked();
    class NativeSession extends pulumi.CustomResource {
      declare readonly clientId: pulumi.Output<string>;
    }
    const type = "huaweicloud-sessions:index:WebCliSession";
    const session = new NativeSession(type, "cache", { instanceId: "i1", clientId: undefined });
    assert.match(await resolved(session.clientId), /^[0-9a-f]{48}$/);
    assert.equal(await pulumi.isSecret(session.clientId), true);
    assert.equal(mocks.registered[0]?.type, type);
  });

  it("give back what the program adopts", async () => {
    await mocked();
    const session = new WebCliSession("cache", { instanceId: "i1", clientId: "open" });
    assert.equal(await resolved(session.clientId), "open");
  });

  it("let a test override outputs by name, and keep secret ones secret", async () => {
    await mocked({ outputs: { cache: { clientId: "c1" }, size: { response: "(integer) 42" } } });
    const session = new WebCliSession("cache", { instanceId: "i1" });
    const command = new WebCliCommand("size", { session, create: "DBSIZE" });
    assert.equal(await resolved(command.response), "(integer) 42");
    for (const output of [session.clientId, command.response]) {
      assert.equal(await pulumi.isSecret(output), true);
    }
  });

  it("record what was registered, secrets in plain and named", async () => {
    const mocks = await mocked();
    const session = new WebCliSession("cache", { instanceId: "i1", projectId: "p1", password: "hunter2" });
    await resolved(session.urn);
    assert.deepEqual(mocks.registered, [
      {
        type: "pulumi-nodejs:dynamic/dcs:WebCliSession",
        name: "cache",
        inputs: { instanceId: "i1", projectId: "p1", password: "hunter2" },
        secrets: ["password"],
      },
    ]);
  });

  it("pass other resources and calls to the user's own mocks", async () => {
    const others: pulumi.runtime.Mocks = {
      newResource: ({ name }) => ({ id: `own-${name}`, state: { color: "red" } }),
      call: () => ({ answer: 42 }),
    };
    const mocks = await mocked({ others });
    class Bucket extends pulumi.CustomResource {
      declare readonly color: pulumi.Output<string>;
    }
    const bucket = new Bucket("other:index:Bucket", "b", { color: undefined });
    assert.equal(await resolved(bucket.id), "own-b");
    assert.equal(await resolved(bucket.color), "red");
    assert.deepEqual(await pulumi.runtime.invoke("other:index:get", {}), { answer: 42 });
    assert.equal(mocks.registered[0]?.name, "b");
  });
});
