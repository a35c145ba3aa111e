import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { delimiter } from "node:path";
import { credentials, Metadata } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Timeouts } from "../../provider/api/deadline";
import { nativeType, PACKAGE, type ResourceName } from "../../provider/definitions";
import { SECRET_MARK } from "../../provider/engine";
import { EngineLog } from "../../provider/plugin/engineLog";
import { type RunningServer, serve } from "../../provider/plugin/server";
import { ProviderService } from "../../provider/plugin/service";
import { bundlePlugin } from "../../tools/plugin/bundle";
import { useFolder } from "./folder";
import { type Bag, bag, reply, struct } from "./host";
import { QUICK, quickRuntime } from "./lifecycles";

/** Bundles the plugin and puts it on PATH for the enclosing suite; gives its folder. */
export function useBundle(): () => string {
  const folder = useFolder();
  const { PATH } = process.env;
  before(async function () {
    this.timeout(60_000);
    await bundlePlugin(folder());
    process.env.PATH = [folder(), PATH].join(delimiter);
  });
  after(() => {
    process.env.PATH = PATH;
  });
  return folder;
}

/** An address at which no engine listens. */
const NO_ENGINE = "127.0.0.1:1";

/** A plugin, asked over gRPC as the engine asks it. */
export class Plugin {
  readonly client: ResourceProviderClient;

  constructor(private readonly server: RunningServer) {
    this.client = new ResourceProviderClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  }

  /** Starts one in this process. */
  static async start({
    timeouts = QUICK,
    environment = {},
    engine = NO_ENGINE,
  }: {
    timeouts?: Timeouts;
    environment?: NodeJS.ProcessEnv;
    engine?: string;
  } = {}): Promise<Plugin> {
    const log = new EngineLog(engine, 500);
    const service = new ProviderService(quickRuntime({ timeouts }), log, environment);
    const server = await serve(async () => service);
    const stop = () => {
      log.close();
      server.stop();
    };
    return new Plugin({ port: server.port, stop });
  }

  stop(): void {
    this.client.close();
    this.server.stop();
  }

  /** Without arguments as an engine does that is too old. */
  async configure(args: Bag | undefined, provider = "default_0_1_0"): Promise<void> {
    const urn = urnOf(`pulumi:providers:${PACKAGE}`, provider);
    const request = new rpc.ConfigureRequest().setArgs(args && struct(args)).setUrn(urn);
    await reply<object>((done) => this.client.configure(request, done));
  }

  async checkConfig(news: Bag): Promise<{ inputs: Bag; failures: string[] }> {
    const request = new rpc.CheckRequest().setNews(struct(news));
    return checked(await reply<rpc.CheckResponse>((done) => this.client.checkConfig(request, done)));
  }

  async check(resource: ResourceName, news: Bag): Promise<{ inputs: Bag; failures: string[] }> {
    const request = new rpc.CheckRequest().setUrn(urnOf(nativeType(resource))).setNews(struct(news));
    return checked(await reply<rpc.CheckResponse>((done) => this.client.check(request, done)));
  }

  async create(
    resource: ResourceName,
    inputs: Bag,
    { preview = false, timeout = 0 } = {},
  ): Promise<{ id: string; outs: Bag }> {
    const request = new rpc.CreateRequest()
      .setUrn(urnOf(nativeType(resource)))
      .setProperties(struct(inputs))
      .setPreview(preview)
      .setTimeout(timeout);
    const answer = await reply<rpc.CreateResponse>((done) => this.client.create(request, done));
    return { id: answer.getId(), outs: bag(answer.getProperties()) };
  }

  async diff(resource: ResourceName, olds: Bag, oldInputs: Bag, news: Bag) {
    const request = new rpc.DiffRequest()
      .setId("id")
      .setUrn(urnOf(nativeType(resource)))
      .setOlds(struct(olds))
      .setOldInputs(struct(oldInputs))
      .setNews(struct(news));
    const answer = await reply<rpc.DiffResponse>((done) => this.client.diff(request, done));
    const details: Record<string, rpc.PropertyDiff.AsObject> = {};
    answer.getDetaileddiffMap().forEach((detail, name) => {
      details[name] = detail.toObject();
    });
    return {
      changes: answer.getChanges(),
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
      details,
    };
  }

  async update(resource: ResourceName, olds: Bag, news: Bag, preview = false): Promise<Bag> {
    const request = new rpc.UpdateRequest()
      .setId("id")
      .setUrn(urnOf(nativeType(resource)))
      .setOlds(struct(olds))
      .setNews(struct(news))
      .setPreview(preview);
    const answer = await reply<rpc.UpdateResponse>((done) => this.client.update(request, done));
    return bag(answer.getProperties());
  }

  async read(resource: ResourceName, state: Bag, inputs: Bag = {}) {
    const request = new rpc.ReadRequest()
      .setId("id")
      .setUrn(urnOf(nativeType(resource)))
      .setProperties(struct(state))
      .setInputs(struct(inputs));
    const answer = await reply<rpc.ReadResponse>((done) => this.client.read(request, done));
    return { id: answer.getId(), props: bag(answer.getProperties()), inputs: bag(answer.getInputs()) };
  }

  async delete(resource: ResourceName, state: Bag): Promise<void> {
    const request = new rpc.DeleteRequest()
      .setId("id")
      .setUrn(urnOf(nativeType(resource)))
      .setProperties(struct(state));
    await reply<object>((done) => this.client.delete(request, done));
  }

  async cancel(): Promise<void> {
    await reply<object>((done) => this.client.cancel(new Empty(), done));
  }
}

/** The plugin that was started as a process of its own, once it says where it listens. */
export async function connected(child: ChildProcess): Promise<Plugin> {
  if (!child.stdout) throw new Error("the plugin has no standard output");
  const [port] = await once(child.stdout, "data");
  return new Plugin({ port: Number(String(port)), stop: () => child.kill() });
}

function urnOf(type: string, name = "name"): string {
  return `urn:pulumi:dev::tests::${type}::${name}`;
}

function checked(answer: rpc.CheckResponse): { inputs: Bag; failures: string[] } {
  const failures = answer.getFailuresList().map((failure) => failure.getReason());
  return { inputs: bag(answer.getInputs()), failures };
}

/** A value as the engine gets it, to be encrypted. */
export function secret(value: unknown): object {
  return { ...SECRET_MARK, value };
}

/** What the engine keeps of a resource whose create failed. */
export function keptResource(error: unknown): { id: string; properties: Bag; reasons: string[] } | undefined {
  const [packed] = metadataOf(error)?.get("grpc-status-details-bin") ?? [];
  if (!(packed instanceof Buffer)) return undefined;
  const [detail] = Status.deserializeBinary(packed).getDetailsList();
  const kept = detail?.unpack(
    rpc.ErrorResourceInitFailed.deserializeBinary,
    "pulumirpc.ErrorResourceInitFailed",
  );
  if (!kept) return undefined;
  return { id: kept.getId(), properties: bag(kept.getProperties()), reasons: kept.getReasonsList() };
}

function metadataOf(error: unknown): Metadata | undefined {
  return error instanceof Error && "metadata" in error && error.metadata instanceof Metadata
    ? error.metadata
    : undefined;
}
