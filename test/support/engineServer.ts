import { Server, ServerCredentials, type sendUnaryData } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** The side of the engine that takes the messages of a plugin. */
export class EngineServer {
  readonly logged: LogRequest.AsObject[] = [];
  /** Takes messages without an answer. */
  isSilent = false;

  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {}

  static async start(): Promise<EngineServer> {
    const server = new Server();
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    const engine = new EngineServer(server, `127.0.0.1:${port}`);
    const log = ({ request }: { request: LogRequest }, done: sendUnaryData<Empty>) => {
      engine.logged.push(request.toObject());
      if (!engine.isSilent) done(null, new Empty());
    };
    server.addService(EngineService, { log });
    return engine;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  /** What is shown while it lasts. */
  get statuses(): string[] {
    return this.logged.filter(({ ephemeral }) => ephemeral).map(({ message }) => message);
  }

  /** What stays. */
  get notices(): string[] {
    return this.logged.filter(({ ephemeral }) => !ephemeral).map(({ message }) => message);
  }
}
