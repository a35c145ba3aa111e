import assert from "node:assert/strict";
import { LogoutReport } from "../../provider/lifecycle/logoutReport";
import { noticesOf } from "../support/outputs";

describe("The report of logouts", () => {
  /** What is told of as many logouts as Pulumi may make at the same time. */
  const toldOf = (logouts: number) =>
    noticesOf(async () => {
      const report = new LogoutReport();
      const servers = Array.from({ length: logouts }, (_, at) => `server ${at + 1}`);
      await Promise.all(servers.map((server) => report.of(server, async () => "it answered 204")));
    });

  it("has one line for each, with the evidence", async () => {
    assert.deepEqual(await toldOf(2), [
      "Logged out of server 1: it answered 204.",
      "Logged out of server 2: it answered 204.",
    ]);
  });

  it("has a sum in place of more than twenty lines", async () => {
    const notices = await toldOf(23);
    assert.equal(notices[19], "Logged out of server 20: it answered 204.");
    assert.deepEqual(notices.slice(20), ["3 more sessions were logged out, each with evidence."]);
  });

  it("has the sum also where the last of many fails", async () => {
    const report = new LogoutReport();
    let fail = () => {};
    const last = report.of("last", () => new Promise((_, reject) => (fail = () => reject(new Error("no")))));
    const told = await noticesOf(async () => {
      for (let n = 0; n < 22; n++) await report.of("server", async () => "it answered 204");
      fail();
      await assert.rejects(last, /no/);
    });
    assert.equal(told.at(-1), "2 more sessions were logged out, each with evidence.");
  });

  it("tells nothing of a logout that failed", async () => {
    const report = new LogoutReport();
    const fail = () => report.of("server", () => Promise.reject(new Error("no")));
    assert.deepEqual(await noticesOf(() => assert.rejects(fail, /no/)), []);
  });
});
