package main

import (
	"github.com/pulumi-huaweicloud-sessions/pulumi-huaweicloud-sessions/sdk/go/huaweicloudsessions"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")

		cache, err := huaweicloudsessions.NewWebCliSession(ctx, "cache", &huaweicloudsessions.WebCliSessionArgs{
			InstanceId: pulumi.String(settings.Require("instanceId")),
			Password:   settings.RequireSecret("redisPassword"),
		})
		if err != nil {
			return err
		}

		size, err := huaweicloudsessions.NewWebCliCommand(ctx, "size", &huaweicloudsessions.WebCliCommandArgs{
			ClientId:   cache.ClientId,
			InstanceId: cache.InstanceId,
			Create:     pulumi.String("DBSIZE"),
		})
		if err != nil {
			return err
		}

		manager, err := huaweicloudsessions.NewCasSession(ctx, "manager", &huaweicloudsessions.CasSessionArgs{
			CasUrl:   pulumi.String(settings.Require("casUrl")), // https://HOST:20009/cas
			Username: pulumi.String(settings.Require("username")),
			Password: settings.RequireSecret("password"),
			Service:  pulumi.String(settings.Require("service")), // https://HOST:28443/web/cas_security_check.htm
		})
		if err != nil {
			return err
		}

		ctx.Export("keys", size.Response)
		ctx.Export("openedAt", manager.OpenedAt)
		return nil
	})
}
