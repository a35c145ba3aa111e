import * as pulumi from "@pulumi/pulumi";
import { WebCliCommand } from "pulumi-huaweicloud-sessions";

const config = new pulumi.Config();
const run = config.require("run");

// Each command opens a session of its own for a moment, so that `delete` has one even after days. Database 3 belongs
// to the tests.
const cache = {
  instanceId: config.require("instanceId"),
  password: config.requireSecret("redisPassword"),
  database: 3,
};

const users = new WebCliCommand("users", {
  ...cache,
  create: "MSET user:1 Ada user:2 Grace",
  delete: "DEL user:1 user:2",
  triggers: [run],
});

const flag = new WebCliCommand(
  "ready",
  // With an output of `users` among its arguments, its `delete` runs before theirs.
  { ...cache, create: `SET run ${run}`, delete: "DEL run", triggers: [users.id] },
);

/** Secret, as any answer of Redis may be. */
export const seeded = flag.response;
