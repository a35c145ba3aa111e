import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json";
import {
  type Argument,
  assumeRoleArgs,
  type Definition,
  definitions,
  nativeType,
  PACKAGE,
  providerArgs,
  type ResourceName,
  resourceNames,
} from "../../provider/definitions";
import { type Docs, docsIn } from "./docstrings";
import { assumeRoleDocs, providerDocs } from "./documentation";

const ROOT = join(__dirname, "../..");
const FILE = "provider/plugin/schema.json";
const ORGANIZATION = "pulumi-huaweicloud-sessions";

/** The only argument that is an object. */
const ASSUME_ROLE = `${PACKAGE}:index:AssumeRole`;

/** The types of the definitions, as https://www.pulumi.com/docs/iac/using-pulumi/extending-pulumi/schema/ names them. */
const TYPES: Record<Argument["type"], object> = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  integer: { type: "integer" },
  strings: { type: "array", items: { type: "string" } },
  object: { $ref: `#/types/${ASSUME_ROLE}` },
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
    types: {
      [ASSUME_ROLE]: {
        type: "object",
        description: "An agency of another account, which trusts this one's users to act as it.",
        properties: inputsOf(assumeRoleArgs, assumeRoleDocs),
        required: requiredOf(assumeRoleArgs),
      },
    },
    config: { variables: inputsOf(providerArgs, providerDocs) },
    provider: {
      description: "Where the sessions are, and the keys to open and close them with.",
      inputProperties: inputsOf(providerArgs, providerDocs),
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
    requiredInputs: requiredOf(definition.args),
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

function requiredOf(args: Definition["args"]): string[] {
  return Object.keys(args).filter((arg) => args[arg]?.required);
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
