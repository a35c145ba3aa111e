import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { RequestError } from "../../provider/api/errors";
import { serverFailure } from "../../provider/api/http/connectionErrors";
import { HttpClient } from "../../provider/api/http/http";
import { useEmulator } from "../support/emulator";
import { QUICK } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, listenRaw, serve } from "../support/server";

const get = (url: string, more = {}, client = new HttpClient()) =>
  client.send({
    method: "GET",
    url,
    headers: {},
    requestTimeout: QUICK.requestTimeout,
    idleTimeout: QUICK.idleTimeout,
    ...more,
  });

const post = (url: string, more = {}) => get(url, { method: "POST", body: "{}", ...more });

describe("A request", () => {
  afterEach(closeServers);

  it("does not follow a redirect", async () => {
    const { url, requests } = await serve((_, response) =>
      response.writeHead(302, { Location: "/again" }).end(),
    );
    assert.equal((await get(url)).status, 302);
    assert.deepEqual(requests(), ["GET /"]);
  });

  it("ends when the answer trickles beyond its time", async () => {
    const { url } = await serve((_, response) => {
      const timer = setInterval(() => response.write("."), 50);
      response.on("close", () => clearInterval(timer));
    });
    const { bodyError } = await get(url, { requestTimeout: 200 });
    assert.match(bodyError?.message ?? "", /got no answer: the answer was not complete in time/);
  });

  it("ends when nothing comes", async () => {
    const { url } = await serve(() => {});
    const silent = get(url, { idleTimeout: 100, requestTimeout: 10_000 });
    assert.match((await rejection(silent)).message, /got no answer: no answer came in time/);
  });

  it("is answered by its headers, also where nothing comes after them", async () => {
    const { url } = await serve((_, response) =>
      response.writeHead(201, { "Set-Cookie": "a=1" }).flushHeaders(),
    );
    const { status, setCookies, body, bodyError } = await get(url, { idleTimeout: 100 });
    assert.deepEqual([status, setCookies, body], [201, ["a=1"], ""]);
    assert.match(bodyError?.message ?? "", /got no answer: no answer came in time/);
  });

  it("is answered by up to 2 MiB", async () => {
    const { url } = await serve((_, response) => response.end("x".repeat(10_000_000)));
    const { status, body, bodyError } = await get(url, { idleTimeout: 5_000, requestTimeout: 10_000 });
    assert.equal(status, 200);
    assert.ok(body.length <= 2 * 1024 * 1024);
    assert.match(bodyError?.message ?? "", /the response is not valid HTTP \(more than 2 MiB\)/);
  });

  it("may take its idle time to begin an answer, and again to go on with it", async () => {
    const { url } = await serve((_, response) => {
      setTimeout(() => response.flushHeaders(), 600);
      setTimeout(() => response.end("whole"), 1_200);
    });
    const { body, bodyError } = await get(url, { idleTimeout: 1_000, requestTimeout: 10_000 });
    assert.deepEqual([body, bodyError], ["whole", undefined]);
  });

  const broken: [string, Buffer][] = [
    ["is not compressed as its header says", Buffer.from("<html>")],
    [
      "has another checksum than its content",
      Buffer.concat([gzipSync("whole").subarray(0, -8), Buffer.alloc(8)]),
    ],
  ];
  for (const [what, bytes] of broken) {
    it(`is answered by headers whose body ${what}, as where a connection breaks`, async () => {
      const { url } = await serve((_, response) => {
        response.writeHead(201, { "Content-Encoding": "gzip" }).end(bytes);
      });
      for (const [ask, retry] of [
        [get, "always"],
        [post, "idempotent"],
      ] as const) {
        const { status, bodyError } = await ask(url);
        assert.deepEqual([status, bodyError?.failure.retry], [201, retry]);
      }
    });
  }

  for (const framing of ["a length", "chunks", "chunks before its connection ends"]) {
    it(`is answered by the beginning of a body that is framed by ${framing} and cut off`, async () => {
      const { url } = await serve((request, response) => {
        if (framing === "a length") response.setHeader("Content-Length", 100);
        if (framing === "chunks before its connection ends") response.setHeader("Connection", "close");
        response.write("half", () => request.socket.end());
      });
      const { status, body, bodyError } = await get(url);
      assert.deepEqual([status, body], [200, "half"]);
      assert.match(bodyError?.message ?? "", /the connection broke before the answer was complete/);
      assert.equal(bodyError?.failure.retry, "always");
    });
  }

  it("may be sent again when its connection is reset", async () => {
    const { url } = await serve((request) => request.socket.resetAndDestroy());
    const failed = await rejection(get(url));
    assert.match(failed.message, /the connection broke before the answer was complete/);
    assert.ok(failed instanceof RequestError && failed.failure.retry === "always");
  });

  it("says when the connection is refused, and when the host is not found", async () => {
    assert.match((await rejection(get("http://127.0.0.1:1/"))).message, /the connection was refused/);
    const unknown = get("http://nowhere.invalid/");
    assert.match((await rejection(unknown)).message, /its host name could not be found/);
  });

  it("ends in its time while it still connects", async () => {
    const { url } = await listenRaw(() => {});
    const silent = post(url.replace("http:", "https:"), { requestTimeout: 100, idleTimeout: 60_000 });
    const failed = await rejection(silent);
    assert.match(failed.message, /got no answer: the answer was not complete in time/);
  });

  it("leaves no connection behind when its time is over", async () => {
    const open = new Set<Socket>();
    const { url } = await listenRaw((socket) => open.add(socket.resume()));
    await rejection(post(url, { requestTimeout: 100, idleTimeout: 60_000 }));
    for (const socket of open) if (!socket.closed) await once(socket, "close");
    assert.equal(open.size, 1);
  });

  it("did not act when its connection never stood", async () => {
    const { url } = await listenRaw((socket) => socket.resetAndDestroy());
    const failed = await rejection(post(url.replace("http:", "https:")));
    assert.match(failed.message, /got no answer: the connection broke/);
    assert.ok(failed instanceof RequestError && !failed.mayHaveActed);
  });

  const head = (status: string) => `HTTP/1.1 ${status} Odd\r\nContent-Length: 0\r\n`;
  for (const [what, bytes] of [
    ["is not HTTP", "SSH-2.0-OpenSSH\r\n"],
    ["has a header that is too long", `${head("200")}X: ${"y".repeat(20_000)}\r\n\r\n`],
    ["has a control character in a header", `${head("200")}Set-Cookie: TGC=a\u0007\r\n\r\n`],
    ...["0", "000", "999"].map((status) => [`has the status ${status}`, `${head(status)}\r\n`] as const),
  ] as const) {
    it(`may have acted when its answer ${what}, and is not sent again`, async () => {
      const { url } = await listenRaw((socket) => socket.once("data", () => socket.end(bytes)));
      const failed = await rejection(post(url));
      assert.match(failed.message, /the response is not valid HTTP/);
      assert.ok(failed instanceof RequestError && failed.mayHaveActed && failed.failure.retry === "never");
    });
  }

  it("keeps its connection for the next ones, beside those that must not be repeated", async () => {
    const sockets = new Set<unknown>();
    const { url } = await serve((request, response) => {
      sockets.add(request.socket);
      response.end();
    });
    const client = new HttpClient();
    for (let i = 0; i < 9; i++) await get(url, {}, client);
    assert.equal(sockets.size, 1);
    for (const more of [{ once: true }, { once: true }, {}]) await get(url, more, client);
    assert.equal(sockets.size, 3);
  });

  it("goes out again on a new connection where one that was used before is closed", async () => {
    const { url, requests } = await serve((request, response) => {
      if (request.url === "/first") response.end();
      else if (sockets.has(request.socket)) request.socket.resetAndDestroy();
      else response.end("again");
      sockets.add(request.socket);
    });
    const sockets = new Set<unknown>();
    const client = new HttpClient();
    await get(`${url}/first`, {}, client);
    assert.equal((await get(`${url}/second`, { method: "POST", body: "{}" }, client)).body, "again");
    assert.deepEqual(requests(), ["GET /first", "POST /second", "POST /second"]);
  });

  it("is not answered by what a server sent before it", async () => {
    const sockets: Socket[] = [];
    const answer = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const { url } = await listenRaw((socket) => {
      const which = sockets.push(socket);
      socket.on("data", () => socket.write(answer(`answer ${which}`)));
    });
    const client = new HttpClient();
    assert.equal((await get(url, {}, client)).body, "answer 1");
    const [first] = sockets;
    assert.ok(first);
    first.write(answer("unasked"));
    await once(first, "close");
    assert.equal((await get(url, {}, client)).body, "answer 2");
  });

  const codes: [code: string, retry: string, told: RegExp][] = [
    ["EAI_FAIL", "always", /the name server could not look up its host name/],
    ["ENETUNREACH", "always", /this machine has no route to its network/],
    ["ENETDOWN", "always", /this machine's network is down/],
    ["EHOSTDOWN", "always", /its host could not be reached/],
    ["EADDRNOTAVAIL", "always", /no free local address or port/],
    ["EMFILE", "always", /too many files or connections open/],
    ["EPERM", "never", /this machine does not allow the connection/],
    ["EACCES", "never", /this machine does not allow the connection/],
    ["EINVAL", "never", /^it can't be connected to \(EINVAL\)/],
  ];
  for (const [code, retry, told] of codes) {
    it(`says what ${code} is, and whether it may pass`, () => {
      const failed = serverFailure(Object.assign(new Error(code), { code }));
      assert.match(failed.message, told);
      assert.equal(failed.failure.retry, retry);
    });
  }
});

describe("A request to a server that is slow to connect", () => {
  const emulator = useEmulator({ tls: true });
  afterEach(closeServers);

  it("has its idle time again for the answer", async () => {
    const { port } = new URL(emulator().url);
    const slow = await listenRaw((client) => {
      setTimeout(() => {
        const upstream = connect(Number(port), "127.0.0.1").on("error", () => client.destroy());
        client.pipe(upstream).pipe(client);
      }, 600);
    });
    emulator().fault({ on: "cas.form", do: { delayMs: 600 } });
    const { caCertificate } = emulator();
    const url = `${slow.url.replace("http:", "https:")}/cas/login`;
    const { status } = await get(url, {
      trust: { caCertificate },
      idleTimeout: 1_000,
      requestTimeout: 10_000,
    });
    assert.equal(status, 200);
  });
});
