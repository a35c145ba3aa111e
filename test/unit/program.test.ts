import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CasSession, WebCliCommand, WebCliSession } from "../../provider";

interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

/** What a program declares, seen by mocks: no engine, no host, no server. */
describe("A program", () => {
  const registered: Registered[] = [];

  before(async () => {
    await pulumi.runtime.setMocks({
      newResource({ type, name, inputs }) {
        registered.push({ type, name, inputs });
        return { id: `${name}-id`, state: { ...inputs, clientId: "c1", openedAt: "2026-01-02T03:04:05Z" } };
      },
      call: () => ({}),
    });
  });
  beforeEach(() => registered.splice(0));

  async function inputsOf(resource: pulumi.CustomResource): Promise<Registered> {
    const urn = await new Promise<string>((resolve) => resource.urn.apply(resolve));
    const found = registered.find(({ name }) => urn.endsWith(`::${name}`));
    assert.ok(found);
    return found;
  }

  it("registers a Web CLI session by its type, with the text that finds its code", async () => {
    const { type, inputs } = await inputsOf(
      new WebCliSession("cache", { instanceId: "i1", projectId: "p1" }),
    );
    assert.equal(type, "pulumi-nodejs:dynamic/dcs:WebCliSession");
    const { __provider, ...args } = inputs;
    assert.deepEqual(args, { instanceId: "i1", projectId: "p1" });
    assert.match(String(__provider), /\.WebCliSession$/);
  });

  it("hands over secrets as secrets, also where the program passes plain strings", async () => {
    const session = new WebCliSession("cache", { instanceId: "i1", password: "plain" });
    const cas = new CasSession("manager", { casUrl: "https://m/cas", username: "u", password: "plain" });
    const adopted = new CasSession("adopted", { casUrl: "https://m/cas", ticketGrantingCookie: "TGC=plain" });
    for (const [resource, name] of [
      [session, "password"],
      [cas, "password"],
      [adopted, "ticketGrantingCookie"],
    ] as const) {
      const { inputs } = await inputsOf(resource);
      assert.ok(pulumi.runtime.isRpcSecret(inputs[name]), name);
    }
  });

  it("gives a command the outputs of its session", async () => {
    const session = new WebCliSession("cache", {
      instanceId: "i1",
      endpoint: "https://dcs",
      projectId: "p1",
    });
    const command = new WebCliCommand("size", { session, create: "DBSIZE", database: 2 });
    const { type, inputs } = await inputsOf(command);
    assert.equal(type, "pulumi-nodejs:dynamic/dcs:WebCliCommand");
    const { __provider, ...args } = inputs;
    const place = { clientId: "c1", endpoint: "https://dcs", projectId: "p1", instanceId: "i1" };
    assert.deepEqual(args, { ...place, create: "DBSIZE", database: 2 });
  });

  it("has the session's outputs", async () => {
    const session = new WebCliSession("cache", { instanceId: "i1" });
    const openedAt = await new Promise((resolve) => session.openedAt.apply(resolve));
    assert.equal(openedAt, "2026-01-02T03:04:05Z");
  });
});
