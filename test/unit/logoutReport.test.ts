import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { LogoutReport } from "../../provider/lifecycle/logoutReport";
import { noticesOf } from "../support/outputs";

describe("The report of logouts", () => {
  /** What is told of as many logouts as Pulumi may make at the same time. */
  const toldOf = (logouts: number) =>
    noticesOf(async () => {
      const report = new LogoutReport(1);
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
    const report = new LogoutReport(1);
    let fail = () => {};
    const last = report.of("last", () => new Promise((_, reject) => (fail = () => reject(new Error("no")))));
    const told = await noticesOf(async () => {
      for (let n = 0; n < 22; n++) await report.of("server", async () => "it answered 204");
      fail();
      await assert.rejects(last, /no/);
    });
    assert.equal(told.at(-1), "2 more sessions were logged out, each with evidence.");
  });

  it("holds up no logout while others begin", async () => {
    const report = new LogoutReport(60_000);
    const logOut = async () => "it answered 204";
    await noticesOf(async () => {
      for (let n = 0; n < 20; n++) await report.of("server", logOut);
      const waiting = report.of("server", logOut);
      await setImmediate();
      void report.of("the next one", () => new Promise(() => {}));
      await waiting;
    });
  });

  it("ends after five sums where logouts go one at a time", async () => {
    const report = new LogoutReport(1);
    const told = await noticesOf(async () => {
      for (let n = 0; n < 40; n++) await report.of("server", async () => "it answered 204");
    });
    assert.equal(told.length, 25);
    assert.equal(
      told.at(-1),
      "1 more session was logged out, each with evidence. Only failures are shown from here on.",
    );
  });

  it("tells nothing of a logout that failed", async () => {
    const report = new LogoutReport(1);
    const fail = () => report.of("server", () => Promise.reject(new Error("no")));
    assert.deepEqual(await noticesOf(() => assert.rejects(fail, /no/)), []);
  });
});
