import assert from "node:assert/strict";
import type { FaultAction } from "../../emulator";
import { UNKNOWN } from "../../provider/engine";
import { configuredKeys, inputsOf, keysOf, useFiles, webCliAt } from "../support/credentials";
import { requestsOn, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { type Config, quickRuntime, webCliInputs } from "../support/lifecycles";
import { rejection } from "../support/rejection";

const OTHER = "99999999-2222-3333-4444-555555555555";
const NO_REGION = { "huaweicloud-sessions:region": undefined };
const NO_DCS_ENDPOINT = { "huaweicloud-sessions:dcsEndpoint": undefined };
const NO_IAM_ENDPOINT = { "huaweicloud-sessions:iamEndpoint": undefined };

describe("The project ID", () => {
  const emulator = useEmulator();
  useEnvironment(() => keysOf(emulator()));
  const write = useFiles();
  const profile = (text: string) => {
    return { HUAWEICLOUD_SDK_CREDENTIALS_FILE: write("credentials", `[basic]\n${text}\n`) };
  };

  const projectIdOf = async (args?: object, config?: Config, olds?: object) => {
    const { instanceId } = emulator();
    return (await inputsOf(webCliAt(emulator(), config), { instanceId, ...args }, olds)).projectId;
  };
  /** Why there is none. */
  const reasonOf = async (config?: Config) => {
    const check = webCliAt(emulator(), config).check({}, { instanceId: emulator().instanceId });
    const { failures = [] } = await check;
    const [{ property, reason } = { property: "", reason: "" }] = failures;
    assert.deepEqual([failures.length, property], [1, "projectId"]);
    return reason;
  };
  const lookups = () => requestsOn(emulator(), "iam.projects").length;

  it("is that of the project that the region comes with, in a preview, too", async () => {
    assert.equal(await projectIdOf(), emulator().projectId);
    assert.equal(await projectIdOf({ __preview: true }), emulator().projectId);
  });

  it("is that of the project whose name is set", async () => {
    const { region, dcsEndpoint: endpoint, projectId } = emulator();
    process.env.HW_PROJECT_NAME = region;
    assert.equal(await projectIdOf({ region: "eu-nl", endpoint }), projectId);
    assert.equal(await projectIdOf({}, NO_REGION), projectId);
    process.env.HW_PROJECT_NAME = "another";
    assert.equal(await projectIdOf({}, { "huaweicloud:projectName": region }), projectId);
  });

  it("is looked up once in a process, however many resources are checked at the same time", async () => {
    const lifecycle = webCliAt(emulator());
    const { instanceId } = emulator();
    const checks = Array.from({ length: 8 }, () => inputsOf(lifecycle, { instanceId }));
    for (const { projectId } of await Promise.all(checks)) assert.equal(projectId, emulator().projectId);
    await lifecycle.check({}, { instanceId: OTHER });
    assert.equal(lookups(), 1);
  });

  it("is looked up anew with other credentials", async () => {
    const runtime = quickRuntime();
    await webCliAt(emulator(), {}, runtime).check({}, { instanceId: emulator().instanceId });
    Object.assign(process.env, keysOf(emulator().rotateKeys()));
    await webCliAt(emulator(), {}, runtime).check({}, { instanceId: OTHER });
    assert.equal(lookups(), 2);
  });

  it("is looked up again after a look-up that failed", async () => {
    const lifecycle = webCliAt(emulator());
    const { instanceId } = emulator();
    emulator().fault({ on: "iam.projects", do: { status: 403 } });
    assert.equal((await lifecycle.check({}, { instanceId })).failures?.length, 1);
    await inputsOf(lifecycle, { instanceId });
  });

  it("is asked for again where IAM is busy", async () => {
    emulator().fault({ on: "iam.projects", do: { status: 503 } });
    emulator().fault({ on: "iam.projects", do: { drop: "before" } });
    assert.equal(await projectIdOf(), emulator().projectId);
  });

  it("is found by the next credentials where the first are refused", async () => {
    const old = configuredKeys({ accessKey: "OLD", secretKey: "old" });
    assert.equal(await projectIdOf({}, old), emulator().projectId);
  });

  const configured = { "huaweicloud-sessions:projectId": "p1" };
  const set: [string, object, Config, () => object, string][] = [
    ["an argument", { projectId: "p1" }, {}, () => ({}), "set by the argument `projectId`"],
    [
      "the configuration",
      {},
      configured,
      () => ({}),
      "set by `huaweicloud-sessions:projectId` in the stack configuration",
    ],
    ["the environment", {}, {}, () => ({ HW_PROJECT_ID: "p1" }), "set by `HW_PROJECT_ID` in the environment"],
    ["a profile file", {}, {}, () => profile("project_id = p1"), "set by `project_id` in the profile file"],
  ];
  /** The error of a login that is answered by 403, after its check. */
  const forbidden = async (args: object = {}, config?: Config) => {
    const lifecycle = webCliAt(emulator(), config);
    const inputs = await inputsOf(lifecycle, { instanceId: emulator().instanceId, ...args });
    emulator().fault({ on: "webcli.auth", do: { status: 403 } });
    return (await rejection(lifecycle.create(inputs))).message;
  };
  for (const [where, args, config, environment, origin] of set) {
    it(`is not looked up where ${where} sets it, which a 403 tells`, async () => {
      Object.assign(process.env, environment());
      assert.equal(await projectIdOf(args, config), "p1");
      assert.equal(lookups(), 0);
      const message = await forbidden(args, config);
      assert.ok(message.endsWith(`Check the project: p1, ${origin}.`), message);
    });
  }

  it("is told in a 403 with the name that it was looked up by", async () => {
    const { projectId, region } = emulator();
    const message = await forbidden();
    assert.ok(message.endsWith(`Check the project: ${projectId}, found by the name ${region}.`), message);
  });

  it("is told in a 403 with the state that holds it", async () => {
    const lifecycle = webCliAt(emulator());
    const { id, outs } = await lifecycle.create(webCliInputs(emulator()));
    emulator().fault({ on: "webcli.logout", do: { status: 403 } });
    const { message } = await rejection(lifecycle.delete(id, outs));
    assert.ok(message.endsWith(`Check the project: ${outs.projectId}, from the stack's state.`), message);
  });

  it("is not looked up for an instance that is in state, also where it is replaced in the same update", async () => {
    const { instanceId, dcsEndpoint: endpoint } = emulator();
    const lifecycle = webCliAt(emulator());
    for (const olds of [{ instanceId, endpoint, projectId: "kept" }, {}]) {
      assert.equal((await inputsOf(lifecycle, { instanceId }, olds)).projectId, "kept");
    }
    assert.equal(lookups(), 0);
  });

  for (const change of [{ instanceId: OTHER }, { endpoint: "https://dcs.example" }]) {
    it(`is looked up where another ${Object.keys(change)} is in state`, async () => {
      const { instanceId, dcsEndpoint: endpoint, projectId } = emulator();
      const olds = { instanceId, endpoint, projectId: "kept", ...change };
      assert.equal(await projectIdOf({}, {}, olds), projectId);
    });
  }

  it("is unknown while the region or the endpoint is", async () => {
    assert.equal(await projectIdOf({ region: UNKNOWN }, NO_DCS_ENDPOINT), UNKNOWN);
    assert.equal(await projectIdOf({ endpoint: UNKNOWN }), UNKNOWN);
    assert.equal(lookups(), 0);
  });

  it("is required where there is no region, no project that is named like it, or several", async () => {
    const required = "`projectId` is required, because";
    const remedy = "pass it, or set `huaweicloud-sessions:projectId` or HW_PROJECT_ID";
    assert.equal(
      await reasonOf(NO_REGION),
      `${required} without a region it can't be looked up; ${remedy}, or set a region.`,
    );
    assert.equal(
      await reasonOf({ "huaweicloud-sessions:region": "eu-nl" }),
      `${required} no project is named eu-nl; ${remedy}.`,
    );
    const projects = [{ id: "sub", name: "eu-de_sub" }];
    emulator().fault({ on: "iam.projects", do: { body: { projects } } });
    assert.equal(await reasonOf(), `${required} no project is named eu-de; ${remedy}.`);
    const several = await emulator.start({ projects: 2 });
    Object.assign(process.env, keysOf(several));
    const ids = `\\(${several.projectId}, \\w{32}\\)`;
    assert.match(await reasonOf(), new RegExp(`^${required} 2 projects are named eu-de ${ids}; ${remedy}`));
  });

  const secret = "s3cr3t-page";
  const refusals: [string, FaultAction, RegExp][] = [
    ["HTML", { body: `<p>${secret}</p>` }, /answered 200 without a list of projects\. Check the region/],
    ["a redirect", { status: 302, headers: { Location: "/" } }, /answered 302.*Check the region/],
    ["403", { status: 403, body: { error: { message: "no" } } }, /answered 403.*`iam:projects:listProjects`/],
    ["401", { status: 401, body: { error_msg: secret } }, /401 \(request ID \w+\)\. Check the credentials/],
    ["404", { status: 404 }, /answered 404.*Check the region, and the IAM endpoint/],
  ];
  for (const [what, action, reason] of refusals) {
    it(`could not be looked up where IAM answers ${what}, which is told and not tried again`, async () => {
      emulator().fault({ on: "iam.projects", times: 5, do: action });
      const told = await reasonOf();
      assert.match(told, /^`projectId` could not be looked up: GET \/v3\/projects answered/);
      assert.match(told, reason);
      assert.doesNotMatch(told, new RegExp(`${secret}|${emulator().accessKey}`));
      assert.equal(lookups(), 1);
    });
  }

  it("is asked of no public IAM where the DCS endpoint is not the vendor's", async () => {
    assert.match(
      await reasonOf(NO_IAM_ENDPOINT),
      /^`projectId` could not be looked up: IAM could not be asked, because the DCS endpoint is not a region's own, .*\. Set `huaweicloud-sessions:iamEndpoint` or HUAWEICLOUD_SDK_IAM_ENDPOINT\. Otherwise, pass it/,
    );
  });

  const endpoints: [string, (url: string) => [Config, Record<string, string>]][] = [
    [
      "the bridged provider's endpoints",
      (iam) => [
        { "huaweicloud:endpoints": JSON.stringify({ iam }) },
        { HUAWEICLOUD_SDK_IAM_ENDPOINT: "https://x" },
      ],
    ],
    ["the bridged provider's URL of IAM", (url) => [{ "huaweicloud:authUrl": `${url}/v3` }, {}]],
    ["the environment, with a version", (url) => [{}, { HUAWEICLOUD_SDK_IAM_ENDPOINT: `${url}/v3/` }]],
    ["the environment of the Terraform provider", (url) => [{}, { HW_AUTH_URL: `${url}/v3` }]],
    ["the profile file", (url) => [{}, profile(`iam_endpoint = ${url}`)]],
  ];
  for (const [where, given] of endpoints) {
    it(`is asked for at the IAM endpoint of ${where}`, async () => {
      const [config, environment] = given(emulator().iamEndpoint);
      Object.assign(process.env, environment);
      assert.equal(await projectIdOf({}, { ...NO_IAM_ENDPOINT, ...config }), emulator().projectId);
    });
  }

  it("is not asked for at an address without TLS", async () => {
    const reason = await reasonOf({ "huaweicloud-sessions:iamEndpoint": "http://iam.example" });
    assert.match(reason, /could not be looked up: `huaweicloud-sessions:iamEndpoint` must use https/);
  });

  it("is not asked for while an argument is wrong", async () => {
    const { failures } = await webCliAt(emulator()).check({}, { instanceId: "../x" });
    assert.equal(failures?.length, 1);
    assert.equal(emulator().requests().length, 0);
  });
});
