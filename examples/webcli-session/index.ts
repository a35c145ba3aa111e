import * as pulumi from "@pulumi/pulumi";
import { WebCliSession } from "pulumi-huaweicloud-sessions";

const config = new pulumi.Config();

// Keys, region and project id come from the stack's config (huaweicloud:…) or from the environment.
const session = new WebCliSession("cache", {
  instanceId: config.require("instanceId"),
  password: config.requireSecret("redisPassword"),
  // Another value, another session: `pulumi config set shift night`.
  triggers: [config.get("shift") ?? "day"],
});

/** Secret: `pulumi stack output clientId --show-secrets` gives it to a shell. */
export const clientId = session.clientId;
export const databases = session.databases;
export const openedAt = session.openedAt;
