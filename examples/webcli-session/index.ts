import * as pulumi from "@pulumi/pulumi";
import { WebCliSession } from "pulumi-huaweicloud-sessions";

const config = new pulumi.Config();

// Credentials, region and project come from the stack's configuration (huaweicloud-sessions:…) or the environment.
const session = new WebCliSession("cache", {
  instanceId: config.require("instanceId"),
  password: config.requireSecret("redisPassword"),
  // Another value opens another session: `pulumi config set shift night`.
  triggers: [config.get("shift") ?? "day"],
});

/** Secret: `pulumi stack output clientId --show-secrets` hands it to a shell. */
export const clientId = session.clientId;
export const databases = session.databases;
export const openedAt = session.openedAt;
