import * as pulumi from "@pulumi/pulumi";
import { nativeType, type ResourceName } from "../../provider/definitions";

type Inputs = Record<string, pulumi.Input<unknown> | undefined>;

/** A resource of the native plugin as a program registers it without a generated SDK. */
class NativeResource extends pulumi.CustomResource {
  constructor(
    resource: ResourceName,
    name: string,
    outputs: readonly string[],
    args: Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const places = Object.fromEntries(outputs.map((output) => [output, undefined]));
    super(nativeType(resource), name, { ...places, ...args }, opts);
  }
}

export class NativeWebCliSession extends NativeResource {
  declare readonly clientId: pulumi.Output<string>;
  declare readonly instanceId: pulumi.Output<string>;

  constructor(name: string, args: Inputs, opts?: pulumi.CustomResourceOptions) {
    super("WebCliSession", name, ["clientId", "instanceId"], args, opts);
  }
}

export class NativeWebCliCommand extends NativeResource {
  declare readonly response: pulumi.Output<string>;

  constructor(name: string, args: Inputs, opts?: pulumi.CustomResourceOptions) {
    super("WebCliCommand", name, ["response"], args, opts);
  }
}

export class NativeCasSession extends NativeResource {
  declare readonly ticketGrantingCookie: pulumi.Output<string>;

  constructor(name: string, args: Inputs, opts?: pulumi.CustomResourceOptions) {
    super("CasSession", name, ["ticketGrantingCookie"], args, opts);
  }
}

/** A provider that the program makes, with keys and a place of its own. */
export class NativeProvider extends pulumi.ProviderResource {
  constructor(name: string, args: Inputs) {
    super("huaweicloud-sessions", name, args);
  }
}
