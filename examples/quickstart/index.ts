import * as pulumi from "@pulumi/pulumi";
import { CasSession, WebCliSession } from "pulumi-huaweicloud-sessions";

const config = new pulumi.Config();

const cache = new WebCliSession("cache", {
  instanceId: config.require("instanceId"),
  password: config.requireSecret("redisPassword"),
});

const manager = new CasSession("manager", {
  casUrl: config.require("casUrl"),
  username: config.require("username"),
  password: config.requireSecret("password"),
  service: config.get("service"),
  caCertificate: config.get("caCertificate"),
});

export const cacheOpenedAt = cache.openedAt;
export const managerOpenedAt = manager.openedAt;
