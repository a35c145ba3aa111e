import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { runtime } from "@pulumi/pulumi";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckRequest,
  type CheckResponse,
  ConfigureRequest,
  CreateRequest,
  type CreateResponse,
  DeleteRequest,
  DiffRequest,
  DiffResponse,
  ReadRequest,
  type ReadResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

export type Bag = Record<string, unknown>;

/** The repository's own host, under the Node.js that runs the tests. */
const OWN_HOST = [process.execPath, require.resolve("@pulumi/pulumi/cmd/dynamic-provider")];

/** The dynamic-provider host that the engine starts, with the engine's calls over gRPC. */
export class Host {
  private constructor(
    private readonly child: ChildProcess,
    private readonly client: ResourceProviderClient,
  ) {}

  /** Starts the host with a project's folder as its working directory, as the engine does. */
  static async start(cwd: string, config: Bag = {}, host: readonly string[] = OWN_HOST): Promise<Host> {
    const [command = "", ...args] = host;
    // The host asks for the engine's address, and calls the engine only to log.
    const child = spawn(command, [...args, "127.0.0.1:1"], {
      cwd,
      // The host knows where a cloud server's metadata service is, and these tests may run on one.
      env: { PATH: process.env.PATH, HOME: "/nonexistent", HUAWEICLOUD_SDK_METADATA_DISABLED: "true" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = await once(child.stdout, "data");
    const client = new ResourceProviderClient(
      `127.0.0.1:${String(port).trim()}`,
      credentials.createInsecure(),
    );
    const request = new ConfigureRequest().setArgs(struct(config));
    await reply<object>((done) => client.configure(request, done));
    return new Host(child, client);
  }

  async stop(): Promise<void> {
    this.client.close();
    const exited = once(this.child, "exit");
    this.child.kill();
    await exited;
  }

  async check(news: Bag): Promise<{ inputs: Bag; failures: string[] }> {
    const request = new CheckRequest().setOlds(struct({})).setNews(struct(news));
    const answer = await reply<CheckResponse>((done) => this.client.check(request, done));
    const failures = answer.getFailuresList().map((failure) => failure.getReason());
    return { inputs: withoutMarks(bag(answer.getInputs())), failures };
  }

  async diff(id: string, olds: Bag, news: Bag): Promise<{ changes: boolean; replaces: string[] }> {
    const request = new DiffRequest().setId(id).setOlds(struct(olds)).setNews(struct(news));
    const answer = await reply<DiffResponse>((done) => this.client.diff(request, done));
    const changes = answer.getChanges() === DiffResponse.DiffChanges.DIFF_SOME;
    return { changes, replaces: answer.getReplacesList() };
  }

  async create(inputs: Bag): Promise<{ id: string; outs: Bag }> {
    const request = new CreateRequest().setProperties(struct(inputs));
    const answer = await reply<CreateResponse>((done) => this.client.create(request, done));
    return { id: answer.getId(), outs: bag(answer.getProperties()) };
  }

  /** Resolves with an empty id for a resource that is gone. */
  async read(id: string, state: Bag): Promise<string> {
    const request = new ReadRequest().setId(id).setProperties(struct(state));
    return (await reply<ReadResponse>((done) => this.client.read(request, done))).getId();
  }

  async delete(id: string, state: Bag): Promise<void> {
    const request = new DeleteRequest().setId(id).setProperties(struct(state));
    await reply<object>((done) => this.client.delete(request, done));
  }
}

type Done<Answer> = (error: ServiceError | null, answer: Answer) => void;

export function reply<Answer>(call: (done: Done<Answer>) => unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    call((error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

export function struct(properties: Bag): Struct {
  const json: Record<string, JavaScriptValue> = JSON.parse(JSON.stringify(properties));
  return Struct.fromJavaScript(json);
}

/** The host asks for plain values, so the engine takes the marks off secrets again. */
function withoutMarks(properties: Bag): Bag {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, runtime.unwrapRpcSecret(value)]),
  );
}

export function bag(properties: Struct | undefined): Bag {
  return properties?.toJavaScript() ?? {};
}
