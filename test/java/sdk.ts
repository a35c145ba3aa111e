import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import schema from "../../provider/plugin/schema.json";

/**
 * A stand-in for the Java SDK. Pulumi's own generator, https://github.com/pulumi/pulumi-java/tree/main/pkg/codegen/java,
 * comes with the `pulumi` download only, which the tests do without. These classes have its names, its signatures, and
 * what it says to Pulumi's package in annotations and options, and leave out the rest.
 */

const PACKAGE = `com.pulumi.${schema.language.java.packages["huaweicloud-sessions"]}`;

const IMPORTS = [
  "com.pulumi.core.Alias",
  "com.pulumi.core.Output",
  "com.pulumi.core.annotations.Export",
  "com.pulumi.core.annotations.Import",
  "com.pulumi.core.annotations.ResourceType",
  "com.pulumi.core.internal.Codegen",
  "com.pulumi.exceptions.MissingRequiredPropertyException",
  "com.pulumi.resources.CustomResourceOptions",
  "java.util.List",
  "java.util.Optional",
  "javax.annotation.Nullable",
];

interface Property {
  type?: string;
  $ref?: string;
  secret?: boolean;
}

type Properties = Readonly<Record<string, Property>>;

interface Arguments {
  properties: Properties;
  required?: readonly string[];
  /** Whether they are those of a provider, which gets what is no string as JSON. */
  asJson?: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "String",
  integer: "Integer",
  boolean: "Boolean",
  array: "List<String>",
};

/** Writes the sources of the SDK for this repository's schema, and gives their files. */
export async function writeSdk(folder: string): Promise<string[]> {
  const resources = Object.entries(schema.resources).flatMap(([token, resource]) => {
    const { inputProperties: properties, requiredInputs: required } = resource;
    const name = nameOf(token);
    return [
      write(folder, name, resourceClass(token, name, resource)),
      write(folder, `${name}Args`, argumentsClass(`${name}Args`, { properties, required })),
    ];
  });
  const types = Object.entries(schema.types).map(([token, type]) => {
    const name = `${nameOf(token)}Args`;
    return write(join(folder, "inputs"), name, argumentsClass(name, type), `${PACKAGE}.inputs`);
  });
  const { inputProperties: properties } = schema.provider;
  const args = argumentsClass("ProviderArgs", { properties, asJson: true });
  const provider = [write(folder, "Provider", providerClass()), write(folder, "ProviderArgs", args)];
  return await Promise.all([...resources, ...types, ...provider]);
}

async function write(folder: string, name: string, text: string, javaPackage = PACKAGE): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}.java`);
  const imports = [...IMPORTS, `${PACKAGE}.inputs.*`].map((name) => `import ${name};\n`).join("");
  await writeFile(file, `package ${javaPackage};\n\n${imports}\n${text}`);
  return file;
}

/** `huaweicloud-sessions:index:CasSession` is CasSession. */
function nameOf(token: string): string {
  return token.slice(token.lastIndexOf(":") + 1);
}

function typeOf({ type = "", $ref }: Property): string {
  const found = $ref ? `${nameOf($ref)}Args` : TYPES[type];
  if (found === undefined) throw new Error(`no Java type for ${type}`);
  return found;
}

function argumentsClass(name: string, { properties, required = [], asJson = false }: Arguments): string {
  const entries = Object.entries(properties);
  const fields = entries.map(([property, { type, ...more }]) => {
    const flags = [
      ...(required.includes(property) ? [", required=true"] : []),
      ...(asJson && type !== "string" ? [", json=true"] : []),
    ].join("");
    return `    @Import(name="${property}"${flags})
    private @Nullable Output<${typeOf({ type, ...more })}> ${property};
`;
  });
  const checks = required.map(
    (property) => `            if ($.${property} == null) {
                throw new MissingRequiredPropertyException("${name}", "${property}");
            }
`,
  );
  return `public final class ${name} extends com.pulumi.resources.ResourceArgs {
    public static final ${name} Empty = new ${name}();

${fields.join("")}
    public static Builder builder() {
        return new Builder();
    }

    public static final class Builder {
        private final ${name} $ = new ${name}();

${entries.map(([property, shape]) => setters(property, typeOf(shape))).join("")}
        public ${name} build() {
${checks.join("")}            return $;
        }
    }
}
`;
}

function setters(property: string, type: string): string {
  const several = `        public Builder ${property}(String... ${property}) {
            return ${property}(List.of(${property}));
        }
`;
  return `        public Builder ${property}(@Nullable Output<${type}> ${property}) {
            $.${property} = ${property};
            return this;
        }
        public Builder ${property}(${type} ${property}) {
            return ${property}(Output.of(${property}));
        }
${type === TYPES.array ? several : ""}`;
}

interface Resource {
  properties: Properties;
  required: readonly string[];
  aliases: readonly { type: string }[];
}

function resourceClass(token: string, name: string, { properties, required, aliases }: Resource): string {
  const entries = Object.entries(properties);
  const outputs = entries.map(([property, shape]) =>
    output(property, typeOf(shape), required.includes(property)),
  );
  const secrets = entries.filter(([, { secret }]) => secret).map(([property]) => `"${property}"`);
  const options = `
            .aliases(List.of(${aliases.map(({ type }) => `Output.of(Alias.builder().type("${type}").build())`)}))
            .additionalSecretOutputs(List.of(${secrets.join(", ")}))`;
  return `@ResourceType(type="${token}")
public class ${name} extends com.pulumi.resources.CustomResource {
${outputs.join("")}${constructors(name, token, options)}}
`;
}

function output(property: string, type: string, isRequired: boolean): string {
  const [seen, value] = isRequired
    ? [type, `this.${property}`]
    : [`Optional<${type}>`, `Codegen.optional(this.${property})`];
  return `    @Export(name="${property}", refs={${type}.class}, tree="[0]")
    private Output<${type}> ${property};

    public Output<${seen}> ${property}() {
        return ${value};
    }
`;
}

function providerClass(): string {
  return `@ResourceType(type="pulumi:providers:${schema.name}")
public class Provider extends com.pulumi.resources.ProviderResource {
${constructors("Provider", schema.name)}}
`;
}

function constructors(name: string, token: string, options = ""): string {
  return `
    public ${name}(String name) {
        this(name, ${name}Args.Empty);
    }
    public ${name}(String name, @Nullable ${name}Args args) {
        this(name, args, null);
    }
    public ${name}(String name, @Nullable ${name}Args args, @Nullable CustomResourceOptions options) {
        super("${token}", name, args == null ? ${name}Args.Empty : args, withDefaults(options));
    }

    private static CustomResourceOptions withDefaults(@Nullable CustomResourceOptions options) {
        var defaults = CustomResourceOptions.builder()
            .version("${schema.version}")${options}
            .build();
        return CustomResourceOptions.merge(defaults, options);
    }
`;
}
