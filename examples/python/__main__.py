import pulumi
import pulumi_huaweicloud_sessions as sessions

config = pulumi.Config()

cache = sessions.WebCliSession(
    "cache",
    instance_id=config.require("instanceId"),
    password=config.require_secret("redisPassword"),
)

size = sessions.WebCliCommand(
    "size",
    client_id=cache.client_id,
    instance_id=cache.instance_id,
    create="DBSIZE",
)

manager = sessions.CasSession(
    "manager",
    cas_url=config.require("casUrl"),  # https://HOST:20009/cas
    username=config.require("username"),
    password=config.require_secret("password"),
    service=config.get("service"),  # https://HOST:28443/web/cas_security_check.htm
    ca_certificate=config.get("caCertificate"),
)

pulumi.export("keys", size.response)
pulumi.export("openedAt", manager.opened_at)
