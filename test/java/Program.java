import com.pulumi.Context;
import com.pulumi.automation.LocalWorkspace;
import com.pulumi.automation.LocalWorkspaceOptions;
import com.pulumi.automation.UpResult;
import com.pulumi.automation.UpdateResult;
import com.pulumi.automation.WorkspaceStack;
import com.pulumi.huaweicloudsessions.CasSession;
import com.pulumi.huaweicloudsessions.CasSessionArgs;
import com.pulumi.huaweicloudsessions.Provider;
import com.pulumi.huaweicloudsessions.ProviderArgs;
import com.pulumi.huaweicloudsessions.WebCliCommand;
import com.pulumi.huaweicloudsessions.WebCliCommandArgs;
import com.pulumi.huaweicloudsessions.WebCliSession;
import com.pulumi.huaweicloudsessions.WebCliSessionArgs;
import com.pulumi.huaweicloudsessions.inputs.AssumeRoleArgs;
import com.pulumi.resources.CustomResourceOptions;
import java.nio.file.Path;

/** Runs one operation on the stack that the environment names, and prints what came of it. */
public class Program {
    public static void main(String[] args) throws Exception {
        var options = LocalWorkspaceOptions.builder()
            .workDir(Path.of("").toAbsolutePath())
            .program(Program::define)
            .build();
        try (var stack = WorkspaceStack.select(env("STACK"), LocalWorkspace.create(options))) {
            var result = run(stack, args[0]);
            result.summary().resourceChanges().forEach((operation, count) ->
                System.out.println(operation.name().toLowerCase() + " " + count));
            if (result instanceof UpResult) {
                ((UpResult) result).outputs().forEach((name, output) ->
                    System.out.println(name + " " + output.value() + (output.isSecret() ? " secret" : "")));
            }
        }
    }

    private static UpdateResult run(WorkspaceStack stack, String operation) throws Exception {
        switch (operation) {
            case "up": return stack.up();
            case "refresh": return stack.refresh();
            case "destroy": return stack.destroy();
            default: throw new IllegalArgumentException(operation);
        }
    }

    private static void define(Context ctx) {
        var cache = new WebCliSession("cache", WebCliSessionArgs.builder()
            .instanceId(env("INSTANCE"))
            .password(env("REDIS_PASSWORD"))
            .build());
        var size = new WebCliCommand("size", WebCliCommandArgs.builder()
            .clientId(cache.clientId())
            .instanceId(cache.instanceId())
            .create("DBSIZE")
            .build());
        new CasSession("manager", CasSessionArgs.builder()
            .casUrl(env("CAS_URL"))
            .username(env("CAS_USERNAME"))
            .password(env("CAS_PASSWORD"))
            .service(env("CAS_SERVICE"))
            .build());

        var elsewhere = new Provider("elsewhere", ProviderArgs.builder()
            .dcsEndpoint(env("DCS_ENDPOINT"))
            .iamEndpoint(env("IAM_ENDPOINT"))
            .projectId(env("PROJECT_ID"))
            .accessKey(env("ACCESS_KEY"))
            .secretKey(env("SECRET_KEY"))
            .assumeRole(AssumeRoleArgs.builder().agencyName("operators").domainName("target").build())
            .build());
        var there = new WebCliSession("there", WebCliSessionArgs.builder()
            .instanceId(env("INSTANCE"))
            .password(env("REDIS_PASSWORD"))
            .triggers("a", "b")
            .build(), CustomResourceOptions.builder().provider(elsewhere).build());

        ctx.export("response", size.response());
        ctx.export("databases", there.databases());
    }

    private static String env(String name) {
        return System.getenv(name);
    }
}
