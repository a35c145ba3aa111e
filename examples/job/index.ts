import * as pulumi from "@pulumi/pulumi";
import { WebCliSession } from "pulumi-huaweicloud-sessions";

const config = new pulumi.Config();

const session = new WebCliSession("cache", {
  instanceId: config.require("instanceId"),
  password: config.getSecret("redisPassword"),
});

// The job finds each output in its environment, under this name.
export const CLIENT_ID = session.clientId;
export const WEBCLI = pulumi.interpolate`${session.endpoint}/v2/${session.projectId}/instances/${session.instanceId}/webcli`;
