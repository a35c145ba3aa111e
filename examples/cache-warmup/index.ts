import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { WebCliSession } from "pulumi-huaweicloud-sessions";

const config = new pulumi.Config();

const session = new WebCliSession("cache", {
  instanceId: config.require("instanceId"),
  password: config.requireSecret("redisPassword"),
});

// The script takes the IAM token from HW_AUTH_TOKEN in the environment. A token in state would have expired by the
// time of the destroy.
const warmUp = new command.local.Command("warm-up", {
  create: "sh ./webcli.sh SET < keys.txt",
  delete: "sh ./webcli.sh DEL < keys.txt",
  environment: {
    WEBCLI: pulumi.interpolate`${session.endpoint}/v2/${session.projectId}/instances/${session.instanceId}/webcli`,
    CLIENT_ID: session.clientId,
  },
});

/** One line for each key. */
export const warmed = warmUp.stdout;
