import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CasSession, WebCliCommand, WebCliSession } from "../../provider";
import { type SessionMocks, sessionMocks } from "../../provider/testing";
import { resolved } from "../support/outputs";

describe("A program under mocks", () => {
  let mocks: SessionMocks;
  beforeEach(async () => {
    mocks = sessionMocks();
    await pulumi.runtime.setMocks(mocks);
  });

  async function registered(resource: pulumi.CustomResource) {
    const urn = await resolved(resource.urn);
    const found = mocks.registered.find(({ name }) => urn.endsWith(`::${name}`));
    assert.ok(found);
    return found;
  }

  it("registers a Web CLI session by its type, with what it was given", async () => {
    const { type, inputs } = await registered(
      new WebCliSession("cache", { instanceId: "i1", region: "eu-de" }),
    );
    assert.equal(type, "pulumi-nodejs:dynamic/dcs:WebCliSession");
    assert.deepEqual(inputs, { instanceId: "i1", region: "eu-de" });
  });

  it("registers a CAS session by its type, with what it was given", async () => {
    const args = { casUrl: "https://m/cas", username: "u", password: "p", triggers: ["a"] };
    const { type, inputs } = await registered(new CasSession("manager", args));
    assert.equal(type, "pulumi-nodejs:dynamic/mrs:CasSession");
    assert.deepEqual(inputs, args);
  });

  it("hands over secrets as secrets, also where it passes plain strings", async () => {
    const cache = new WebCliSession("cache", { instanceId: "i1", password: "plain" });
    const adopted = new WebCliSession("adopted", { instanceId: "i1", clientId: "plain" });
    const manager = new CasSession("manager", { casUrl: "https://m/cas", username: "u", password: "plain" });
    const cookie = new CasSession("cookie", { casUrl: "https://m/cas", ticketGrantingCookie: "TGC=plain" });
    assert.deepEqual((await registered(cache)).secrets, ["password"]);
    assert.deepEqual((await registered(adopted)).secrets, ["clientId"]);
    assert.deepEqual((await registered(manager)).secrets, ["password"]);
    assert.deepEqual((await registered(cookie)).secrets, ["ticketGrantingCookie"]);
  });

  it("gives a command the outputs of its session, the client id as a secret", async () => {
    const session = new WebCliSession("cache", {
      instanceId: "i1",
      endpoint: "https://dcs",
      projectId: "p1",
    });
    const command = new WebCliCommand("size", { session, create: "DBSIZE", database: 2 });
    const { type, inputs, secrets } = await registered(command);
    assert.equal(type, "pulumi-nodejs:dynamic/dcs:WebCliCommand");
    const clientId = await resolved(session.clientId);
    const place = { clientId, endpoint: "https://dcs", projectId: "p1", instanceId: "i1" };
    assert.deepEqual(inputs, { ...place, create: "DBSIZE", database: 2 });
    assert.deepEqual(secrets, ["clientId"]);
  });

  it("hands over the same provider text for every resource of a type, and nothing else that is its own", async () => {
    const texts = new Set<unknown>();
    const newResource = ({ name, inputs }: pulumi.runtime.MockResourceArgs) => {
      texts.add(inputs.__provider);
      return { id: name, state: inputs };
    };
    await pulumi.runtime.setMocks({ newResource, call: () => ({}) });
    const sessions = ["one", "two"].map((name) => new WebCliSession(name, { instanceId: name }));
    await Promise.all(sessions.map(({ urn }) => resolved(urn)));
    assert.equal(texts.size, 1);
  });
});
