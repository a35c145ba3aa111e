import { existsSync, readFileSync, writeFileSync } from "node:fs";
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
import { type Doc, type Docs, docsIn, overridden } from "./docstrings";
import { assumeRoleDocs, providerDocs } from "./documentation";
import { examples, inDescription } from "./examples";
import { filledPages } from "./pages";

const ROOT = join(__dirname, "../..");
const FILE = "provider/plugin/schema.json";
/** A PNG, because NuGet takes no SVG as the icon of a .NET package. */
const LOGO = "docs/logo.png";
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
  if (!existsSync(join(ROOT, LOGO))) throw new Error(`there is no ${LOGO}`);
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
    logoUrl: `https://raw.githubusercontent.com/${ORGANIZATION}/${manifest.name}/main/${LOGO}`,
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
      resourceNames.map((name) => [nativeType(name), resourceSchema(name, more)]),
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

function resourceSchema(name: ResourceName, more: Record<string, Docs>): object {
  const definition: Definition = definitions[name];
  const docs = docsIn(`provider/resources/${name.charAt(0).toLowerCase()}${name.slice(1)}.ts`);
  const outputs = overridden(docs[name], more[name]);
  const documented = Object.entries(definition.outputs).filter(([output]) => outputs[output]);
  return {
    description: `${descriptionOf(name, outputs[""])}\n\n${inDescription(examples[name])}`,
    inputProperties: inputsOf(definition.args, overridden(docs[`${name}Args`], more[`${name}Args`])),
    requiredInputs: requiredOf(definition.args),
    properties: Object.fromEntries(
      documented.map(([output, { type, secret }]) => [
        output,
        {
          ...TYPES[type],
          description: descriptionOf(output, outputs[output]),
          ...(secret ? { secret } : {}),
        },
      ]),
    ),
    required: documented.filter(([, { optional }]) => !optional).map(([output]) => output),
    aliases: [{ type: definition.dynamicType }],
  };
}

/** What only the docstrings of the npm package may speak of: the argument `session`, other configuration, types. */
const FOR_TYPESCRIPT_ONLY = /`session`|`huaweicloud:|\w<|\bundefined\b|\bnpm\b|TypeScript|constructor/;

function descriptionOf(name: string, doc: Doc | undefined): string {
  if (!doc?.text) throw new Error(`${name} has no docstring`);
  const description = [doc.text, ...(doc.default ? [`Default: ${doc.default}.`] : [])].join("\n\n");
  const [word] = FOR_TYPESCRIPT_ONLY.exec(description) ?? [];
  if (!word) return description;
  throw new Error(`the docstring of ${name} says "${word}": override it in tools/plugin/documentation.ts`);
}

function requiredOf(args: Definition["args"]): string[] {
  return Object.keys(args).filter((arg) => args[arg]?.required);
}

function inputsOf(args: Definition["args"], docs: Docs): object {
  const entries = Object.entries(args).map(([name, { type, secret, replaces }]) => [
    name,
    {
      ...TYPES[type],
      description: descriptionOf(name, docs[name]),
      ...(secret ? { secret } : {}),
      ...(replaces ? { willReplaceOnChanges: true } : {}),
    },
  ]);
  return Object.fromEntries(entries);
}

/** Everything that is made from the definitions, docstrings, and examples. */
function generated(): Record<string, string> {
  return { [FILE]: `${JSON.stringify(schemaOf(), undefined, 2)}\n`, ...filledPages() };
}

function main(): void {
  for (const [file, text] of Object.entries(generated())) {
    const path = join(ROOT, file);
    if (!process.argv.includes("--check")) {
      writeFileSync(path, text);
    } else if (readFileSync(path, "utf8") !== text) {
      console.error(
        `${file} is older than the definitions, docstrings, or examples: run \`npm run schema\`.`,
      );
      process.exitCode = 1;
    }
  }
}

main();
