import * as pulumi from "@pulumi/pulumi";
import { WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";

const config = new pulumi.Config();
const run = config.require("run");

const session = new WebCliSession("cache", {
  instanceId: config.require("instanceId"),
  password: config.requireSecret("redisPassword"),
});

// Database 3 belongs to the tests. Each run seeds it anew; a destroy clears it before the log-out.
const users = new WebCliCommand("users", {
  session,
  database: 3,
  create: "MSET user:1 Ada user:2 Grace",
  delete: "DEL user:1 user:2",
  triggers: [run],
});

const flag = new WebCliCommand(
  "ready",
  { session, database: 3, create: `SET run ${run}`, delete: "DEL run" },
  { dependsOn: users },
);

/** Secret, as whatever Redis answers may be. */
export const seeded = flag.response;
