import assert from "node:assert/strict";
import { type FaultAction, startEmulator } from "../../emulator";
import { UNKNOWN } from "../../provider/engine";
import { inputsOf, keysOf, placeOf, useFiles, webCliWith } from "../support/credentials";
import { requestsOn, useEmulator } from "../support/emulator";
import { useEnvironment } from "../support/environment";
import { type Config, commandLifecycle, quickRuntime } from "../support/lifecycles";
import { rejection } from "../support/rejection";
import { closeServers, serve } from "../support/server";

const OTHER = "99999999-2222-3333-4444-555555555555";

describe("The project ID", () => {
  const emulator = useEmulator();
  useEnvironment(() => keysOf(emulator()));
  const write = useFiles();
  afterEach(closeServers);

  const check = async (args: object = {}, config = placeOf(emulator())) =>
    webCliWith(config).check({}, { instanceId: emulator().instanceId, ...args });
  const projectIdOf = async (args?: object, config = placeOf(emulator()), olds?: object) => {
    const { instanceId } = emulator();
    return (await inputsOf(webCliWith(config), { instanceId, ...args }, olds)).projectId;
  };
  const reasonOf = async (args?: object, config?: Config) => {
    const { failures } = await check(args, config);
    assert.equal(failures?.length, 1);
    assert.equal(failures[0]?.property, "projectId");
    return failures[0].reason;
  };
  const lookups = () => requestsOn(emulator(), "iam.projects").length;

  it("is that of the project that the region comes with", async () => {
    assert.equal(await projectIdOf(), emulator().projectId);
  });

  it("is that of the project whose name is set", async () => {
    process.env.HW_PROJECT_NAME = emulator().region;
    const { "huaweicloud-sessions:region": _, ...config } = placeOf(emulator());
    assert.equal(
      await projectIdOf({ region: "eu-nl", endpoint: emulator().dcsEndpoint }),
      emulator().projectId,
    );
    assert.equal(await projectIdOf({}, config), emulator().projectId);
  });

  const origins: [string, () => [Config, Record<string, string>], RegExp][] = [
    [
      "the configuration",
      () => [{ "huaweicloud-sessions:projectId": "p1" }, {}],
      /Check the project: p1, set by `huaweicloud-sessions:projectId`\.$/,
    ],
    [
      "the environment",
      () => [{}, { HW_PROJECT_ID: "p1" }],
      /Check the project: p1, set by `HW_PROJECT_ID`\.$/,
    ],
    ["elsewhere", () => [{}, {}], /Check the project: p1, from the argument `projectId`, .*\.$/],
  ];
  for (const [from, make, told] of origins) {
    it(`is told in a 403, where it comes from ${from}`, async () => {
      const [config, environment] = make();
      Object.assign(process.env, environment);
      const { instanceId, dcsEndpoint: endpoint } = emulator();
      emulator().fault({ on: "webcli.auth", do: { status: 403 } });
      const lifecycle = webCliWith({ ...placeOf(emulator()), ...config });
      const { message } = await rejection(lifecycle.create({ instanceId, endpoint, projectId: "p1" }));
      assert.match(message, told);
    });
  }

  it("is asked of no public IAM where the DCS endpoint is not the vendor's", async () => {
    const { "huaweicloud-sessions:iamEndpoint": _, ...config } = placeOf(emulator());
    assert.match(
      await reasonOf({}, config),
      /^`projectId` could not be looked up: IAM could not be asked, because the DCS endpoint is not a region's own, .*\. Set `huaweicloud-sessions:iamEndpoint` or HUAWEICLOUD_SDK_IAM_ENDPOINT\. Otherwise, pass it/,
    );
  });

  it("is looked up once in a process, however many resources are checked at the same time", async () => {
    const lifecycle = webCliWith(placeOf(emulator()));
    const { instanceId } = emulator();
    const checks = Array.from({ length: 8 }, () => inputsOf(lifecycle, { instanceId }));
    for (const { projectId } of await Promise.all(checks)) assert.equal(projectId, emulator().projectId);
    await lifecycle.check({}, { instanceId: OTHER });
    assert.equal(lookups(), 1);
  });

  it("is found for a command with a session of its own", async () => {
    const lifecycle = commandLifecycle(placeOf(emulator()));
    const { instanceId, projectId } = emulator();
    const { inputs, failures } = await lifecycle.check({}, { instanceId, create: "DBSIZE" });
    assert.deepEqual(failures, []);
    assert.equal(inputs?.projectId, projectId);
  });

  it("is looked up anew with other credentials", async () => {
    const runtime = quickRuntime();
    await webCliWith(placeOf(emulator()), runtime).check({}, { instanceId: emulator().instanceId });
    Object.assign(process.env, keysOf(emulator().rotateKeys()));
    await webCliWith(placeOf(emulator()), runtime).check({}, { instanceId: OTHER });
    assert.equal(lookups(), 2);
  });

  it("is looked up again after a look-up that failed", async () => {
    const lifecycle = webCliWith(placeOf(emulator()));
    const { instanceId } = emulator();
    emulator().fault({ on: "iam.projects", do: { status: 403 } });
    assert.equal((await lifecycle.check({}, { instanceId })).failures?.length, 1);
    assert.deepEqual((await lifecycle.check({}, { instanceId })).failures, []);
  });

  const set: [string, (id: string) => [object, Config, Record<string, string>]][] = [
    ["an argument", (id) => [{ projectId: id }, {}, {}]],
    ["the configuration", (id) => [{}, { "huaweicloud-sessions:projectId": id }, {}]],
    ["the environment", (id) => [{}, {}, { HW_PROJECT_ID: id }]],
    [
      "the profile file",
      (id) => [
        {},
        {},
        { HUAWEICLOUD_SDK_CREDENTIALS_FILE: write("credentials", `[basic]\nproject_id = ${id}`) },
      ],
    ],
  ];
  for (const [where, given] of set) {
    it(`is not looked up where ${where} sets it`, async () => {
      const [args, config, environment] = given("p");
      Object.assign(process.env, environment);
      assert.equal(await projectIdOf(args, { ...placeOf(emulator()), ...config }), "p");
      assert.equal(lookups(), 0);
    });
  }

  it("is not looked up for an instance that is in state", async () => {
    const { instanceId, dcsEndpoint: endpoint } = emulator();
    const olds = { instanceId, endpoint, projectId: "kept" };
    assert.equal(await projectIdOf({}, undefined, olds), "kept");
    assert.equal(lookups(), 0);
  });

  it("stays the one in state when the resource is replaced in the same update", async () => {
    const lifecycle = webCliWith(placeOf(emulator()));
    const { instanceId, dcsEndpoint: endpoint } = emulator();
    await lifecycle.check({ instanceId, endpoint, projectId: "kept" }, { instanceId });
    assert.equal((await inputsOf(lifecycle, { instanceId })).projectId, "kept");
    assert.equal(lookups(), 0);
  });

  for (const [what, change] of [
    ["instance", { instanceId: OTHER }],
    ["endpoint", { endpoint: "https://dcs.example" }],
  ] as const) {
    it(`is looked up where the ${what} is another than in state`, async () => {
      const { instanceId, dcsEndpoint: endpoint, projectId } = emulator();
      const olds = { ...{ instanceId, endpoint, projectId: "kept" }, ...change };
      assert.equal(await projectIdOf({}, undefined, olds), projectId);
    });
  }

  it("is unknown while the region or the endpoint is", async () => {
    const { "huaweicloud-sessions:dcsEndpoint": _, ...config } = placeOf(emulator());
    assert.equal(await projectIdOf({ region: UNKNOWN }, config), UNKNOWN);
    assert.equal(await projectIdOf({ endpoint: UNKNOWN }), UNKNOWN);
    assert.equal(lookups(), 0);
  });

  it("is asked for in a preview, too", async () => {
    assert.equal(await projectIdOf({ __preview: true }), emulator().projectId);
  });

  it("can't be looked up by an endpoint alone, and says what to set", async () => {
    const { "huaweicloud-sessions:region": _, ...config } = placeOf(emulator());
    assert.equal(
      await reasonOf({}, config),
      "`projectId` is required, because without a region it can't be looked up; pass it, or set " +
        "`huaweicloud-sessions:projectId` or HW_PROJECT_ID, or set a region.",
    );
  });

  it("is required where no project is named like the region", async () => {
    assert.equal(
      await reasonOf({}, { ...placeOf(emulator()), "huaweicloud-sessions:region": "eu-nl" }),
      "`projectId` is required, because no project is named eu-nl; pass it, or set " +
        "`huaweicloud-sessions:projectId` or HW_PROJECT_ID.",
    );
  });

  it("is required where several projects are, whose IDs are listed", async () => {
    const several = await startEmulator({ projects: 2 });
    Object.assign(process.env, keysOf(several));
    const reason = await reasonOf({}, placeOf(several)).finally(() => several.close());
    assert.match(
      reason,
      new RegExp(
        `^\`projectId\` is required, because 2 projects are named eu-de \\(${several.projectId}, \\w{32}\\); pass it, `,
      ),
    );
  });

  it("is not that of a project whose name only begins like the region", async () => {
    const projects = [{ id: "sub", name: "eu-de_sub" }];
    emulator().fault({ on: "iam.projects", do: { body: { projects } } });
    assert.match(await reasonOf(), /because no project is named eu-de;/);
  });

  const secret = "s3cr3t-page";
  const refusals: [string, FaultAction, RegExp][] = [
    [
      "HTML",
      { status: 200, body: `<p>${secret}</p>` },
      /answered 200 without a list of projects\. Check the region/,
    ],
    [
      "a redirect",
      { status: 302, headers: { Location: "http://127.0.0.2/" } },
      /answered 302.*Check the region/,
    ],
    ["403", { status: 403, body: { error: { message: "no" } } }, /answered 403.*`iam:projects:listProjects`/],
    [
      "401",
      { status: 401, body: { error_msg: secret } },
      /answered 401 \(request ID \w+\)\. Check the credentials/,
    ],
    ["404", { status: 404 }, /answered 404.*Check the region, and the IAM endpoint/],
  ];
  for (const [what, action, reason] of refusals) {
    it(`could not be looked up where IAM answers ${what}, which is told and not tried again`, async () => {
      emulator().fault({ on: "iam.projects", times: 5, do: action });
      const told = await reasonOf();
      assert.match(told, reason);
      assert.match(told, /^`projectId` could not be looked up: GET \/v3\/projects answered/);
      assert.doesNotMatch(told, new RegExp(`${secret}|${emulator().accessKey}`));
      assert.equal(lookups(), 1);
    });
  }

  it("is asked for again where IAM is busy", async () => {
    emulator().fault({ on: "iam.projects", do: { status: 503 } });
    emulator().fault({ on: "iam.projects", do: { drop: "before" } });
    assert.equal(await projectIdOf(), emulator().projectId);
  });

  it("is found by the next credentials where the first are refused", async () => {
    const config = {
      ...placeOf(emulator()),
      "huaweicloud-sessions:accessKey": "OLD",
      "huaweicloud-sessions:secretKey": "old",
    };
    assert.equal(await projectIdOf({}, config), emulator().projectId);
  });

  const endpoints: [string, (url: string) => [Config, Record<string, string>]][] = [
    [
      "the bridged provider's endpoints",
      (iam) => [
        { "huaweicloud:endpoints": JSON.stringify({ iam }) },
        { HUAWEICLOUD_SDK_IAM_ENDPOINT: "https://x" },
      ],
    ],
    ["the environment, with a version", (url) => [{}, { HUAWEICLOUD_SDK_IAM_ENDPOINT: `${url}/v3/` }]],
    [
      "the profile file",
      (url) => [
        {},
        { HUAWEICLOUD_SDK_CREDENTIALS_FILE: write("credentials", `[basic]\niam_endpoint = ${url}\n`) },
      ],
    ],
  ];
  for (const [where, given] of endpoints) {
    it(`is asked for at the IAM endpoint of ${where}`, async () => {
      const { "huaweicloud-sessions:iamEndpoint": _, ...config } = placeOf(emulator());
      const [more, environment] = given(emulator().iamEndpoint);
      Object.assign(process.env, environment);
      assert.equal(await projectIdOf({}, { ...config, ...more }), emulator().projectId);
    });
  }

  it("is not asked for at an address without TLS", async () => {
    const config = { ...placeOf(emulator()), "huaweicloud-sessions:iamEndpoint": "http://iam.example" };
    assert.match(
      await reasonOf({}, config),
      /could not be looked up: `huaweicloud-sessions:iamEndpoint` must use https/,
    );
  });

  it("is not asked for while an argument is wrong", async () => {
    const { failures } = await check({ instanceId: "../x" });
    assert.equal(failures?.length, 1);
    assert.equal(emulator().requests().length, 0);
  });

  it("is asked for with the same credentials as everything else, and sends them to no other origin", async () => {
    const elsewhere = await serve((_, response) => {
      response.end();
    });
    const headers = { Location: `${elsewhere.url}/v3/projects` };
    emulator().fault({ on: "iam.projects", do: { status: 307, headers } });
    await reasonOf();
    assert.deepEqual(elsewhere.requests(), []);
    const [request] = requestsOn(emulator(), "iam.projects");
    assert.match(String(request?.headers.authorization), new RegExp(`Access=${emulator().accessKey},`));
  });
});
