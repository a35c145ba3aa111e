import assert from "node:assert/strict";
import { get, type Received, type Signing, send } from "../../support/client";
import { useClockedEmulator } from "../../support/emulator";

describe("emulator: the projects of a region", () => {
  const emulator = useClockedEmulator();
  const listWith = (token?: string) =>
    send(`${emulator().iamEndpoint}/v3/projects?name=eu-de`, {
      headers: token === undefined ? {} : { "x-auth-token": token },
    });
  const list = (name = "eu-de", signing: Signing = {}) =>
    get(emulator(), `/v3/projects?name=${name}`, { at: emulator.now, ...signing });
  const idsOf = ({ text }: Received): string[] =>
    JSON.parse(text).projects.map(({ id }: { id: string }) => id);

  it("are the one that is named like it", async () => {
    const received = await list();
    assert.equal(received.status, 200);
    assert.match(String(received.headers["x-iam-trace-id"]), /^[0-9a-f]{32}$/);
    const [project, ...others] = JSON.parse(received.text).projects;
    assert.deepEqual([project.id, project.name, others], [emulator().projectId, "eu-de", []]);
  });

  it("are none for another region, and as many as so set", async () => {
    assert.deepEqual(idsOf(await list("eu-nl")), []);
    await emulator.start({ region: "eu-nl" });
    assert.deepEqual(idsOf(await list("eu-nl")), [emulator().projectId]);
    await emulator.start({ projects: 0 });
    assert.deepEqual(idsOf(await list()), []);
    await emulator.start({ projects: 2 });
    const ids = idsOf(await list());
    assert.deepEqual([new Set(ids).size, ids[0]], [2, emulator().projectId]);
  });

  it("are listed for a token as well", async () => {
    assert.deepEqual(idsOf(await listWith(emulator().authToken)), [emulator().projectId]);
  });

  it("are refused to wrong keys, a wrong token, and to nobody in particular", async () => {
    for (const [received, reason] of [
      [await list("eu-de", { secretKey: "wrong" }), /"error_code":"APIGW\.0301"/],
      [await listWith("wrong"), /"message":"The X-Auth-Token is invalid!"/],
      [await listWith(), /requires authentication/],
    ] as const) {
      assert.equal(received.status, 401);
      assert.match(received.text, reason);
    }
  });
});
