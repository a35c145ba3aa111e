// Named imports from an ES module, in a project that has installed the package.
import assert from "node:assert/strict";
import { CasSession, WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";
import * as lifecycle from "pulumi-huaweicloud-sessions/lifecycle";
import { sessionMocks } from "pulumi-huaweicloud-sessions/testing";

for (const exported of [CasSession, WebCliCommand, WebCliSession, sessionMocks]) {
  assert.equal(typeof exported, "function");
}
for (const { create } of [lifecycle.CasSession, lifecycle.WebCliCommand, lifecycle.WebCliSession]) {
  assert.equal(typeof create, "function");
}
