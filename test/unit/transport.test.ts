import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { RequestFailed } from "../../provider/api/errors";
import { send } from "../../provider/api/http";
import { QUICK } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, listenRaw, serve } from "../support/server";

const get = (url: string, more = {}) =>
  send({ method: "GET", url, headers: {}, timeoutMs: QUICK.answerMs, silenceMs: QUICK.silenceMs, ...more });

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
    assert.match((await rejection(get(url))).message, /got no answer: the answer was not complete in time/);
  });

  it("ends when nothing comes", async () => {
    const { url } = await serve(() => {});
    const silent = get(url, { silenceMs: 100, timeoutMs: 10_000 });
    assert.match((await rejection(silent)).message, /got no answer: no answer came in time/);
  });

  it("ends when the answer is too long", async () => {
    const { url } = await serve((_, response) => response.end("x".repeat(10_000_000)));
    assert.match((await rejection(get(url))).message, /what came is no usable HTTP answer/);
  });

  it("ends when what comes is no HTTP", async () => {
    const { url } = await serve((request) => request.socket.end("SSH-2.0-OpenSSH\r\n"));
    assert.match((await rejection(get(url))).message, /no usable HTTP answer \(HTTPParserError/);
  });

  for (const framing of ["a length", "chunks", "chunks before its connection ends"]) {
    it(`ends, and may be sent again, when the answer is cut off that is framed by ${framing}`, async () => {
      const { url } = await serve((request, response) => {
        if (framing === "a length") response.setHeader("Content-Length", 100);
        if (framing === "chunks before its connection ends") response.setHeader("Connection", "close");
        response.write("half", () => request.socket.resetAndDestroy());
      });
      const failed = await rejection(get(url));
      assert.match(failed.message, /the connection broke before the answer was complete/);
      assert.ok(failed instanceof RequestFailed && failed.failure.again === "always");
    });
  }

  it("says when the connection is refused, and when a host is not found", async () => {
    assert.match((await rejection(get("http://127.0.0.1:1/"))).message, /the connection was refused/);
    const unknown = get("http://nowhere.invalid/");
    assert.match((await rejection(unknown)).message, /host name could not be looked up/);
  });

  it("ends in its time while it still connects", async () => {
    const { url } = await listenRaw(() => {});
    const silent = post(url.replace("http:", "https:"), { timeoutMs: 100, silenceMs: 60_000 });
    const failed = await rejection(silent);
    assert.match(failed.message, /got no answer: the answer was not complete in time/);
  });

  it("leaves no connection behind when its time is over", async () => {
    const open = new Set<Socket>();
    const { url } = await listenRaw((socket) => open.add(socket.resume()));
    await rejection(post(url, { timeoutMs: 100, silenceMs: 60_000 }));
    for (const socket of open) if (!socket.closed) await once(socket, "close");
    assert.equal(open.size, 1);
  });

  it("did not act when its connection never stood", async () => {
    const { url } = await listenRaw((socket) => socket.resetAndDestroy());
    const failed = await rejection(post(url.replace("http:", "https:")));
    assert.match(failed.message, /got no answer: the connection broke/);
    assert.ok(failed instanceof RequestFailed && !failed.mayHaveActed);
  });

  for (const [what, bytes] of [
    ["is no HTTP", "SSH-2.0-OpenSSH\r\n"],
    ["has a header that is too long", `HTTP/1.1 200 OK\r\nX: ${"y".repeat(20_000)}\r\n\r\n`],
    ["is too long", `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(3_000_000)}`],
  ] as const) {
    it(`may have acted when its answer ${what}, and is not sent again`, async () => {
      const { url } = await listenRaw((socket) => socket.once("data", () => socket.write(bytes)));
      const failed = await rejection(post(url));
      assert.match(failed.message, /what came is no usable HTTP answer/);
      assert.ok(failed instanceof RequestFailed && failed.mayHaveActed && failed.failure.again === "never");
    });
  }

  it("that can't be written blames the keys, and did not act", async () => {
    const failed = await rejection(post("http://127.0.0.1:1/", { headers: { "X-Auth-Token": "a\nb" } }));
    assert.match(failed.message, /a key or token holds a character that no header may hold/);
    assert.ok(failed instanceof RequestFailed && !failed.mayHaveActed);
  });

  it("keeps its connections for the next ones", async () => {
    const sockets = new Set<unknown>();
    const { url } = await serve((request, response) => {
      sockets.add(request.socket);
      response.end();
    });
    for (let i = 0; i < 9; i++) await get(url);
    // The one that has just answered is looked over before it is used again, so a second one is opened.
    assert.ok(sockets.size <= 2, `${sockets.size} connections`);
  });
});
