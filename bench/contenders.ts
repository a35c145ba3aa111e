// How each contender registers its resources. As in a user's program, loading its libraries is part of it.
import { randomBytes } from "node:crypto";
import { CustomResource, dynamic, secret } from "@pulumi/pulumi";
import type { Contender } from "./figures";
import { sign, type Target, webCliUrl } from "./target";

type Register = (target: Target) => (name: string) => unknown;

const thisPackage: Register = (target) => {
  const {
    WebCliSession,
  }: typeof import("pulumi-huaweicloud-sessions") = require("pulumi-huaweicloud-sessions");
  return (name) => new WebCliSession(name, target);
};

class NativeSession extends CustomResource {
  constructor(name: string, { password, ...place }: Target) {
    const outputs = { clientId: undefined, databases: undefined, openedAt: undefined };
    const props = { ...place, password: secret(password), ...outputs };
    super("huaweicloud-sessions:index:WebCliSession", name, props, { additionalSecretOutputs: ["clientId"] });
  }
}

const emptyProvider: dynamic.ResourceProvider = {
  create: async () => ({ id: "empty", outs: {} }),
  delete: async () => {},
};

class EmptyResource extends dynamic.Resource {
  constructor(name: string) {
    super(emptyProvider, name, {});
  }
}

const axiosInClosures: Register = (target) => {
  const axios: typeof import("axios") = require("axios");
  async function post(place: Target, what: string, content: object) {
    const [url, body] = [`${webCliUrl(place)}/${what}`, JSON.stringify(content)];
    // The text of a closure is plain in state and must hold no keys.
    const { HW_ACCESS_KEY: accessKey = "", HW_SECRET_KEY: secretKey = "" } = process.env;
    return (await axios.post(url, body, { headers: sign(url, body, { accessKey, secretKey }) })).data;
  }
  const provider: dynamic.ResourceProvider<Target, Target & { clientId: string }> = {
    async create(inputs) {
      const { client_id: clientId, databases } = await post(inputs, "auth", { password: inputs.password });
      return { id: randomBytes(12).toString("hex"), outs: { ...inputs, clientId, databases } };
    },
    async delete(_id, state) {
      await post(state, "logout", { client_id: state.clientId });
    },
  };
  class AxiosSession extends dynamic.Resource {
    constructor(name: string) {
      const outputs = { clientId: undefined, databases: undefined };
      const props = { ...target, password: secret(target.password), ...outputs };
      super(provider, name, props, { additionalSecretOutputs: ["clientId"] });
    }
  }
  return (name) => new AxiosSession(name);
};

/** What all calls have in common is in curl's config file and the environment, which keeps the state small. */
const curlInCommands: Register = (target) => {
  const { local }: typeof import("@pulumi/command") = require("@pulumi/command");
  const create = `curl -fsS -d "$BENCH_LOGIN" ${webCliUrl(target)}/auth`;
  const remove = `curl -fsS -d "$PULUMI_COMMAND_STDOUT" ${webCliUrl(target)}/logout`;
  return (name) => new local.Command(name, { create, delete: remove });
};

export const REGISTER: Record<Contender, Register> = {
  dynamic: thisPackage,
  native: (target) => (name) => new NativeSession(name, target),
  curl: curlInCommands,
  closures: axiosInClosures,
  empty: () => (name) => new EmptyResource(name),
};
