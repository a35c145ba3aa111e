import { type handleUnaryCall, Server, ServerCredentials } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { type IResourceProviderServer, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { GetSchemaResponse, ProviderHandshakeResponse } from "@pulumi/pulumi/proto/provider_pb";
import debug from "debug";
import { statusOf } from "./failure";
import schema from "./schema.json";
import type { ProviderService } from "./service";

const log = debug("huaweicloud-sessions:plugin");

/** As large as the engine's own messages: https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/settings.ts */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

export interface RunningServer {
  port: number;
  stop(): void;
}

/**
 * Serves a provider on a free port of the loopback address. It is loaded when it is first asked for, so that the
 * engine soon learns what the plugin is. Methods that are not here answer UNIMPLEMENTED.
 */
export async function serve(load: () => Promise<ProviderService>): Promise<RunningServer> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  let loading: Promise<ProviderService> | undefined;
  const provider = () => {
    loading ??= load();
    return loading;
  };
  server.addService(ResourceProviderService, {
    // Secrets come in plain text and are marked again by the engine, which keeps those that come back marked.
    handshake: unary(async () => new ProviderHandshakeResponse()),
    getSchema: unary(async () => new GetSchemaResponse().setSchema(JSON.stringify(schema))),
    getPluginInfo: unary(async () => new PluginInfo().setVersion(schema.version)),
    checkConfig: unary(async (request) => (await provider()).checkConfig(request)),
    configure: unary(async (request) => (await provider()).configure(request)),
    check: unary(async (request) => (await provider()).check(request)),
    diff: unary(async (request) => (await provider()).diff(request)),
    create: unary(async (request) => (await provider()).create(request)),
    read: unary(async (request) => (await provider()).read(request)),
    update: unary(async (request) => (await provider()).update(request)),
    delete: unary(async (request) => (await provider()).delete(request)),
    cancel: unary(async () => (await provider()).cancel()),
  } satisfies Partial<IResourceProviderServer>);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { port, stop: () => server.forceShutdown() };
}

function unary<Request, Response>(
  run: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    run(request).then(
      (response) => callback(null, response),
      (error: unknown) => {
        // Not its other properties: those of a session that is kept are its secrets.
        log("%s", error instanceof Error ? error.message : error);
        callback(statusOf(error));
      },
    );
  };
}
