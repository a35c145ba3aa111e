import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { webCliLifecycle } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serve } from "../support/server";

const CLIENT_ID = "45934af80681efd5282554d77cae150760df78a9b342568c";
const LOGIN = JSON.stringify({ client_id: CLIENT_ID, databases: 256 });

/** A DCS API whose answers to a login and to a logout are the test's. */
async function serveDcs(auth: (response: ServerResponse) => void, logoutStatus = 204) {
  const bodies: string[] = [];
  const { url, requests } = await serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (request.url?.endsWith("/auth")) return auth(response);
    bodies.push(body);
    response.writeHead(logoutStatus).end();
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
  it("whose answer is cut at any byte after the client ID is rolled back by a logout", async () => {
    for (let length = end; length < LOGIN.length; length++) {
      const { create, loggedOut } = await serveDcs((response) => sendBeginning(response, length));
      const { message, id } = await rejection(create());
      assert.match(
        message,
        /^Could not use the session of the Web CLI .* answered 200, but its answer broke off/,
      );
      assert.deepEqual([loggedOut(), id], [[CLIENT_ID], undefined], `cut after ${length} bytes`);
    }
  });

  it("whose answer is cut at any byte before that may have opened a session that nobody knows", async () => {
    for (let length = 1; length < end; length++) {
      const { create, requests } = await serveDcs((response) => sendBeginning(response, length));
      const { message } = await rejection(create());
      assert.match(message, /^Could not log in to the Web CLI .* may have opened a session/);
      assert.equal(requests().length, 1, `cut after ${length} bytes`);
    }
  });

  it("whose answer stalls after the client ID is rolled back by a logout", async () => {
    const { create, loggedOut } = await serveDcs((response) => {
      response.write(LOGIN.slice(0, end));
    });
    await rejection(create());
    assert.deepEqual(loggedOut(), [CLIENT_ID]);
  });

  it("whose answer is too long is rolled back by a logout, where it begins with the client ID", async () => {
    const long = `${LOGIN.slice(0, -1)},"x":"${"x".repeat(3 * 1024 * 1024)}"}`;
    const { create, loggedOut } = await serveDcs((response) => response.end(long));
    await rejection(create());
    assert.deepEqual(loggedOut(), [CLIENT_ID]);
  });

  const unusable: [string, string][] = [
    ["a control character", "45934af8\u0007"],
    ["a line break", "45934af8\r\nX: y"],
    ["a lone surrogate", "45934af8\ud800"],
    ["a space", "45934 af8"],
    ["513 characters", "x".repeat(513)],
  ];
  for (const [what, clientId] of unusable) {
    it(`with a client ID that holds ${what} is refused after a logout`, async () => {
      const body = JSON.stringify({ client_id: clientId, databases: 256 });
      const { create, loggedOut } = await serveDcs((response) => response.end(body));
      const { message, id } = await rejection(create());
      assert.match(message, /answered 200, with a client_id that can't be sent back/);
      assert.ok(!message.includes(clientId));
      assert.deepEqual([loggedOut(), id], [[clientId], undefined]);
    });
  }

  it("with a raw control character in its client ID, which no JSON may have, is refused after a logout", async () => {
    const body = '{"client_id":"45934af8\tcb81","databases":256}';
    const { create, loggedOut } = await serveDcs((response) => response.end(body));
    assert.match((await rejection(create())).message, /with a client_id that can't be sent back/);
    assert.deepEqual(loggedOut(), ["45934af8\tcb81"]);
  });

  for (const databases of ["16", 1.5, null, undefined]) {
    it(`with ${JSON.stringify(databases)} databases is refused after a logout`, async () => {
      const body = JSON.stringify({ client_id: CLIENT_ID, databases });
      const { create, loggedOut } = await serveDcs((response) => response.end(body));
      const { message } = await rejection(create());
      assert.match(message, /^Could not use the session of the Web CLI .* without the number of databases/);
      assert.deepEqual(loggedOut(), [CLIENT_ID]);
    });
  }

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
