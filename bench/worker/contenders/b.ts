import { dynamic } from "@pulumi/pulumi";

const nothing: dynamic.ResourceProvider = {
  create: async () => ({ id: "empty", outs: {} }),
  delete: async () => {},
};

class Empty extends dynamic.Resource {
  constructor(name: string) {
    super(nothing, name, {});
  }
}

/** The floor of the usual way: a dynamic resource that does nothing. */
export function register(count: number): void {
  for (let i = 0; i < count; i++) new Empty(`session-${i}`);
}
