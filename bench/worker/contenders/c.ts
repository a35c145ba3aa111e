import { randomBytes } from "node:crypto";
import { dynamic, secret } from "@pulumi/pulumi";
import axios from "axios";
import type { Target } from "../job";
import { sign } from "../sign";

interface Inputs {
  endpoint: string;
  projectId: string;
  instanceId: string;
  password: string;
}

interface State extends Inputs {
  clientId: string;
  databases: number;
}

async function post(place: Inputs, what: string, content: object) {
  const { endpoint, projectId, instanceId } = place;
  const url = `${endpoint}/v2/${projectId}/instances/${instanceId}/webcli/${what}`;
  const body = JSON.stringify(content);
  // Text in state must hold no keys, so they come from the environment.
  const { HW_ACCESS_KEY: accessKey = "", HW_SECRET_KEY: secretKey = "" } = process.env;
  const headers = sign(url, body, { accessKey, secretKey });
  return (await axios.post(url, body, { headers })).data;
}

const webCli: dynamic.ResourceProvider<Inputs, State> = {
  async create(inputs) {
    const { client_id: clientId, databases } = await post(inputs, "auth", { password: inputs.password });
    return { id: randomBytes(12).toString("hex"), outs: { ...inputs, clientId, databases } };
  },
  async delete(_id, state) {
    await post(state, "logout", { client_id: state.clientId });
  },
};

class AxiosSession extends dynamic.Resource {
  constructor(name: string, inputs: Inputs) {
    const props = { ...inputs, password: secret(inputs.password), clientId: undefined, databases: undefined };
    super(webCli, name, props, { additionalSecretOutputs: ["clientId"] });
  }
}

/** The usual way: a dynamic resource with the same signed calls by axios, in closures. */
export function register(count: number, target: Target): void {
  const { endpoint, projectId, instanceId, password } = target;
  const inputs = { endpoint, projectId, instanceId, password };
  for (let i = 0; i < count; i++) new AxiosSession(`session-${i}`, inputs);
}
