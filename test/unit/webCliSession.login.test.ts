import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serve } from "../support/server";

const CLIENT_ID = "45934af80681efd5282554d77cae150760df78a9b342568c";
const LOGIN = JSON.stringify({ client_id: CLIENT_ID, databases: 256 });

type Auth = (response: ServerResponse) => unknown;

/** A DCS API whose answers to a login and to a logout are the test's. */
async function serveDcs(auth: Auth, logoutStatus = 204) {
  const bodies: string[] = [];
  const { url, requests } = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (request.url?.endsWith("/auth")) return auth(response);
    bodies.push(body);
    return response.writeHead(logoutStatus).end();
  });
  const config = {
    "huaweicloud-sessions:accessKey": `AK of ${url}`.replace(/\W/g, ""),
    "huaweicloud-sessions:secretKey": "SK",
  };
  const lifecycle = webCliLifecycle(config);
  const inputs = { endpoint: url, projectId: "p1", instanceId: "i1", password: "hunter2" };
  return {
    create: () => lifecycle.create({ ...inputs, __provider: "text" }),
    loggedOut: () => bodies.map((body): unknown => JSON.parse(body).client_id),
    requests,
  };
}

/** Announces the whole body, sends its beginning, and cuts the connection. */
function sendBeginning(response: ServerResponse, length: number): void {
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": LOGIN.length });
  response.write(LOGIN.slice(0, length), () => response.destroy());
}

describe("A Web CLI login", () => {
  afterEach(closeServers);

  for (const status of [200, 201, 202]) {
    it(`has succeeded when ${status} comes with a client ID`, async () => {
      const { create } = await serveDcs((response) => response.writeHead(status).end(LOGIN));
      const { outs } = await create();
      assert.deepEqual([outs.clientId, outs.databases], [CLIENT_ID, 256]);
    });
  }

  const end = LOGIN.indexOf(CLIENT_ID) + CLIENT_ID.length + 1;
  it("whose answer is cut at any byte before the end of the client ID may have opened a session that nobody knows", async () => {
    for (let length = 1; length < end; length++) {
      const { create, requests } = await serveDcs((response) => sendBeginning(response, length));
      const { message } = await rejection(create());
      assert.match(message, /^Could not log in to the Web CLI .* may have opened a session/);
      assert.equal(requests().length, 1, `cut after ${length} bytes`);
    }
  });

  describe("is rolled back by a logout", () => {
    async function assertRolledBack(auth: Auth, reason: RegExp, clientId = CLIENT_ID) {
      const { create, loggedOut } = await serveDcs(auth);
      const { message, id } = await rejection(create());
      assert.match(message, /^Could not use the session of the Web CLI /);
      assert.match(message, reason);
      assert.ok(!message.includes(clientId));
      assert.deepEqual([loggedOut(), id], [[clientId], undefined]);
    }

    it("where its answer is cut at any byte after the client ID", async () => {
      for (let length = end; length < LOGIN.length; length++) {
        await assertRolledBack((response) => sendBeginning(response, length), /its answer broke off/);
      }
    });

    it("where its answer stalls after the client ID", () =>
      assertRolledBack((response) => response.write(LOGIN.slice(0, end)), /its answer broke off/));

    it("where its answer is too long, and begins with the client ID", () => {
      const long = `${LOGIN.slice(0, -1)},"x":"${"x".repeat(3 * 1024 * 1024)}"}`;
      return assertRolledBack((response) => response.end(long), /its answer broke off/);
    });

    const unusable: [string, string][] = [
      ["a control character", "45934af8\u0007"],
      ["a line break", "45934af8\r\nX: y"],
      ["a lone surrogate", "45934af8\ud800"],
      ["a space", "45934 af8"],
      ["513 characters", "x".repeat(513)],
    ];
    for (const [what, clientId] of unusable) {
      it(`where its client ID holds ${what}`, () => {
        const body = JSON.stringify({ client_id: clientId, databases: 256 });
        const reason = /answered 200, with a client_id that can't be sent back/;
        return assertRolledBack((response) => response.end(body), reason, clientId);
      });
    }

    it("where its client ID holds a raw control character, which no JSON may have", () => {
      const body = '{"client_id":"45934af8\tcb81","databases":256}';
      const reason = /with a client_id that can't be sent back/;
      return assertRolledBack((response) => response.end(body), reason, "45934af8\tcb81");
    });

    for (const databases of ["16", 1.5, null, undefined]) {
      it(`where it comes with ${JSON.stringify(databases)} databases`, () => {
        const body = JSON.stringify({ client_id: CLIENT_ID, databases });
        return assertRolledBack((response) => response.end(body), /without the number of databases/);
      });
    }
  });

  it("that can't be used is kept in state when its logout fails too", async () => {
    const { create } = await serveDcs((response) => response.end(`{"client_id":"${CLIENT_ID}"}`), 403);
    const { id, message, properties, reasons } = await rejection(create());
    assert.match(String(id), /^webcli-/);
    const { clientId, unfinished, __provider, password } = Object(properties);
    assert.deepEqual([clientId, unfinished, __provider, password], [CLIENT_ID, true, "text", undefined]);
    assert.match(message, /The session is kept in the stack's state, so that `pulumi destroy` ends it\.$/);
    assert.deepEqual(reasons, [message]);
    assert.ok(!message.includes(CLIENT_ID));
  });

  const keyless: [string, string][] = [
    ["text that is not JSON", "<html>welcome</html>"],
    ["JSON that is not an object", "[1]"],
    ["no client ID", '{"databases":16}'],
    ["a client ID of another type", '{"client_id":7,"databases":16}'],
    ["an empty client ID", '{"client_id":"","databases":16}'],
  ];
  for (const [what, body] of keyless) {
    it(`that answers ${what} fails, and may have opened a session`, async () => {
      const { create, requests } = await serveDcs((response) => response.end(body));
      const { message } = await rejection(create());
      assert.match(message, /answered 200 without a client_id\. .* ends after its idle timeout/);
      assert.equal(requests().length, 1);
    });
  }
});
