import { setMaxListeners } from "node:events";
import type { dynamic } from "@pulumi/pulumi";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { OperationOptions } from "../api/deadline";
import type { Display } from "../api/notice";
import { type Definition, definitions, nativeType, type ResourceName, resourceNames } from "../definitions";
import { omitUndefined, UNKNOWN } from "../engine";
import { lifecyclesIn } from "../lifecycle/lifecycles";
import type { Runtime } from "../lifecycle/runtime";
import { diffResponse } from "./diff";
import type { EngineLog } from "./engineLog";
import { fromStruct, toStruct } from "./properties";
import { checkProvider, configOf } from "./providerConfig";

/** What the requests for a resource have in common. */
interface Request {
  getUrn(): string;
  getTimeout?(): number;
}

interface Resource {
  definition: Definition;
  lifecycle: ReturnType<typeof lifecyclesIn>[ResourceName];
}

/** One provider with its configuration: the engine starts a process for each. */
export class ProviderService {
  private readonly resources: ReadonlyMap<string, Resource>;
  private readonly cancelled = new AbortController();

  constructor(
    private readonly runtime: Runtime,
    private readonly log: EngineLog,
    private readonly environment: NodeJS.ProcessEnv = process.env,
  ) {
    // Each operation that waits listens to it.
    setMaxListeners(0, this.cancelled.signal);
    const lifecycles = lifecyclesIn(runtime);
    this.resources = new Map(
      resourceNames.map((name) => [
        nativeType(name),
        { definition: definitions[name], lifecycle: lifecycles[name] },
      ]),
    );
  }

  async checkConfig(request: rpc.CheckRequest): Promise<rpc.CheckResponse> {
    const news = fromStruct(request.getNews());
    return checkResponse({ inputs: news, failures: checkProvider(news) });
  }

  async configure(request: rpc.ConfigureRequest): Promise<rpc.ConfigureResponse> {
    if (!request.hasArgs())
      throw new Error("This version of Pulumi is too old for huaweicloud-sessions: update it");
    const args = fromStruct(request.getArgs());
    this.runtime.configure(configOf({ urn: request.getUrn(), args, environment: this.environment }));
    return new rpc.ConfigureResponse().setSupportspreview(true);
  }

  async check(request: rpc.CheckRequest): Promise<rpc.CheckResponse> {
    const { lifecycle } = this.resource(request.getUrn());
    const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
    const result = await this.during(request, (options) => lifecycle.check(olds, news, options));
    return checkResponse(result);
  }

  async diff(request: rpc.DiffRequest): Promise<rpc.DiffResponse> {
    const { lifecycle, definition } = this.resource(request.getUrn());
    const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
    const result = await this.during(
      request,
      (options) => lifecycle.diff(request.getId(), olds, news, options),
      noticesOnly,
    );
    const oldInputs = request.hasOldInputs() ? fromStruct(request.getOldInputs()) : olds;
    return diffResponse(result, definition.args, oldInputs, news);
  }

  async create(request: rpc.CreateRequest): Promise<rpc.CreateResponse> {
    const { lifecycle, definition } = this.resource(request.getUrn());
    const inputs = fromStruct(request.getProperties());
    const response = new rpc.CreateResponse();
    if (request.getPreview()) {
      const outputs = Object.keys(definition.outputs).map((name) => [name, UNKNOWN]);
      return response.setProperties(toStruct({ ...Object.fromEntries(outputs), ...inputs }));
    }
    const { id, outs } = await this.during<Required<dynamic.CreateResult>>(request, (options) =>
      lifecycle.create(inputs, options),
    );
    return response.setId(id).setProperties(toStruct(outs));
  }

  async read(request: rpc.ReadRequest): Promise<rpc.ReadResponse> {
    const { lifecycle } = this.resource(request.getUrn());
    const state = fromStruct(request.getProperties());
    const found = await this.during(request, (options) => lifecycle.read(request.getId(), state, options));
    const response = new rpc.ReadResponse();
    // Without an ID the resource is gone.
    if (found.id === undefined) return response;
    return response
      .setId(found.id)
      .setProperties(toStruct(found.props ?? {}))
      .setInputs(toStruct(fromStruct(request.getInputs())));
  }

  async update(request: rpc.UpdateRequest): Promise<rpc.UpdateResponse> {
    const { lifecycle, definition } = this.resource(request.getUrn());
    const [olds, news] = [fromStruct(request.getOlds()), fromStruct(request.getNews())];
    const response = new rpc.UpdateResponse();
    if (request.getPreview()) {
      // No update changes an output that is not an argument.
      const outputs = Object.keys(definition.outputs).map((name) => [name, olds[name]]);
      return response.setProperties(toStruct({ ...Object.fromEntries(outputs), ...news }));
    }
    const { outs } = await this.during<Required<dynamic.UpdateResult>>(request, (options) =>
      lifecycle.update(request.getId(), olds, news, options),
    );
    return response.setProperties(toStruct(outs));
  }

  async delete(request: rpc.DeleteRequest): Promise<Empty> {
    const { lifecycle } = this.resource(request.getUrn());
    const state = fromStruct(request.getProperties());
    await this.during(request, (options) => lifecycle.delete(request.getId(), state, options));
    return new Empty();
  }

  async cancel(): Promise<Empty> {
    this.runtime.renewals.cancel();
    this.cancelled.abort();
    return new Empty();
  }

  private resource(urn: string): Resource {
    const resource = this.resources.get(typeOf(urn));
    if (resource) return resource;
    throw new Error(
      `There is no resource type ${typeOf(urn)}; there are ${[...this.resources.keys()].join(", ")}`,
    );
  }

  private during<T>(
    request: Request,
    run: (options: OperationOptions) => Promise<T>,
    shown = (display: Display) => display,
  ): Promise<T> {
    // The engine sends 0 where the program sets no timeout.
    const seconds = request.getTimeout?.() ?? 0;
    const timeout = seconds > 0 ? seconds * 1000 : undefined;
    const { signal } = this.cancelled;
    return this.log.during(request.getUrn(), (display) =>
      run(omitUndefined({ timeout, signal, display: shown(display) })),
    );
  }
}

/** For a diff: a status would make a row for each resource that stays as it is. */
function noticesOnly(display: Display): Display {
  return { ...display, status: () => {} };
}

/** `urn:pulumi:STACK::PROJECT::TYPE::NAME`, with the types of the parents before it. */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function checkResponse({ inputs = {}, failures = [] }: dynamic.CheckResult<object>): rpc.CheckResponse {
  const list = failures.map(({ property, reason }) =>
    new rpc.CheckFailure().setProperty(property).setReason(reason),
  );
  return new rpc.CheckResponse().setInputs(toStruct(inputs)).setFailuresList(list);
}
