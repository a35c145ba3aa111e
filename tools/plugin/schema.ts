import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json";
import {
  type Argument,
  type Definition,
  definitions,
  nativeType,
  PACKAGE,
  providerArgs,
  type ResourceName,
  resourceNames,
} from "../../provider/definitions";
import { type Docs, docsIn } from "./docstrings";

const ROOT = join(__dirname, "../..");
const FILE = "provider/plugin/schema.json";
const ORGANIZATION = "pulumi-huaweicloud-sessions";

/** The types of the definitions, as https://www.pulumi.com/docs/iac/using-pulumi/extending-pulumi/schema/ names them. */
const TYPES: Record<Argument["type"], object> = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  integer: { type: "integer" },
  strings: { type: "array", items: { type: "string" } },
};

/** The schema of the native plugin, from the same declarations and docstrings as the TypeScript resources. */
function schemaOf(): object {
  const more = docsIn("tools/plugin/documentation.ts");
  return {
    name: PACKAGE,
    displayName: "Huawei Cloud Sessions",
    version: manifest.version,
    description: manifest.description,
    keywords: [
      "pulumi",
      "kind/native",
      "category/cloud",
      ...manifest.keywords.filter((word) => word !== "pulumi"),
    ],
    homepage: `https://github.com/${ORGANIZATION}/${manifest.name}`,
    repository: `https://github.com/${ORGANIZATION}/${manifest.name}`,
    license: manifest.license,
    publisher: ORGANIZATION,
    pluginDownloadURL: `github://api.github.com/${ORGANIZATION}/${manifest.name}`,
    meta: { moduleFormat: "(.*)" },
    language: LANGUAGES,
    config: { variables: inputsOf(providerArgs, more.ProviderArgs) },
    provider: {
      description: "Where the sessions are, and the keys to open and close them with.",
      inputProperties: inputsOf(providerArgs, more.ProviderArgs),
    },
    resources: Object.fromEntries(
      resourceNames.map((name) => [nativeType(name), resourceSchema(name, more[`${name}Args`])]),
    ),
  };
}

/** How each language names the package that it generates. */
const LANGUAGES = {
  // Not the name of the npm package, which a Node.js program may have installed as well.
  nodejs: { packageName: `${manifest.name}-native`, respectSchemaVersion: true },
  python: {
    packageName: "pulumi_huaweicloud_sessions",
    pyproject: { enabled: true },
    respectSchemaVersion: true,
  },
  go: {
    importBasePath: `github.com/${ORGANIZATION}/${manifest.name}/sdk/go/huaweicloudsessions`,
    rootPackageName: "huaweicloudsessions",
    generateResourceContainerTypes: true,
    respectSchemaVersion: true,
  },
  csharp: { namespaces: { [PACKAGE]: "HuaweicloudSessions" }, respectSchemaVersion: true },
  java: { packages: { [PACKAGE]: "huaweicloudsessions" } },
};

function resourceSchema(name: ResourceName, more: Docs = {}): object {
  const definition: Definition = definitions[name];
  const docs = docsIn(`provider/resources/${name.charAt(0).toLowerCase()}${name.slice(1)}.ts`);
  const outputs = docs[name] ?? {};
  const documented = Object.entries(definition.outputs).filter(([output]) => outputs[output]);
  return {
    description: outputs[""],
    inputProperties: inputsOf(definition.args, { ...docs[`${name}Args`], ...more }),
    requiredInputs: Object.keys(definition.args).filter((arg) => definition.args[arg]?.required),
    properties: Object.fromEntries(
      documented.map(([output, { type, secret }]) => [
        output,
        { ...TYPES[type], description: outputs[output], ...(secret ? { secret } : {}) },
      ]),
    ),
    required: documented.filter(([, { optional }]) => !optional).map(([output]) => output),
    aliases: [{ type: definition.dynamicType }],
  };
}

function inputsOf(args: Definition["args"], docs: Docs = {}): object {
  const entries = Object.entries(args).map(([name, { type, secret, replaces }]) => {
    const description = docs[name];
    if (!description) throw new Error(`the argument ${name} has no docstring`);
    return [
      name,
      {
        ...TYPES[type],
        description,
        ...(secret ? { secret } : {}),
        ...(replaces ? { willReplaceOnChanges: true } : {}),
      },
    ];
  });
  return Object.fromEntries(entries);
}

function main(): void {
  const text = `${JSON.stringify(schemaOf(), undefined, 2)}\n`;
  const path = join(ROOT, FILE);
  if (!process.argv.includes("--check")) {
    writeFileSync(path, text);
  } else if (readFileSync(path, "utf8") !== text) {
    console.error(`${FILE} is older than the definitions and docstrings: run \`npm run schema\`.`);
    process.exit(1);
  }
}

main();
