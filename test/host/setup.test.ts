import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");

describe("What `npm start` and `npm test` do first", () => {
  const setUp = () => spawnSync(process.execPath, ["tools/setup.js"], { cwd: ROOT, encoding: "utf8" });

  it("installs and compiles nothing a second time", function () {
    this.timeout(120_000);
    assert.equal(setUp().status, 0);
    assert.equal(setUp().stderr, "");
  });
});
