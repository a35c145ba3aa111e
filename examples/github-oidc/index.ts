import * as pulumi from "@pulumi/pulumi";
import { WebCliCommand, WebCliSession } from "pulumi-huaweicloud-sessions";

const config = new pulumi.Config();

// No credentials are set: the workflow hands over an ID token, and the project ID follows from the region.
const session = new WebCliSession("cache", {
  instanceId: config.require("instanceId"),
  // Not needed where the instance has password-free access.
  password: config.getSecret("redisPassword"),
});

export const size = new WebCliCommand("size", { session, create: "DBSIZE" }).response;
